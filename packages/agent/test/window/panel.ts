/** A desktop's panel, as KDE's is to programs with a tray icon: it takes the icon by D-Bus, reads the menu and clicks in it. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface PanelMenuItem {
  readonly label: string;
  readonly enabled: boolean;
}

const script = `
import json, sys
from gi.repository import Gio, GLib

bus = Gio.bus_get_sync(Gio.BusType.SESSION)
item, title, told = None, "", None

def tell(value):
    global told
    if value != told:
        print(json.dumps(value), flush=True)
    told = value

def call(interface, path, method, args, answer):
    given = bus.call_sync(item[0], path, interface, method, args, GLib.VariantType(answer), 0, 5000, None)
    return given.unpack()

def property(name):
    args = GLib.Variant("(ss)", ("org.kde.StatusNotifierItem", name))
    return call("org.freedesktop.DBus.Properties", item[1], "Get", args, "(v)")[0]

def rows():
    args = GLib.Variant("(iias)", (0, -1, []))
    _, (_, _, children) = call("com.canonical.dbusmenu", item[2], "GetLayout", args, "(u(ia{sv}av))")
    return [(number, facts) for number, facts, _ in children if facts.get("type") != "separator"]

def look(*_):
    if item is None: return
    try:
        menu = [{"label": facts.get("label", ""), "enabled": facts.get("enabled", True)} for _, facts in rows()]
        tell({"title": title, "menu": menu})
    except GLib.Error:
        pass # It has just ended.

def gone(*_):
    global item
    item = None
    tell(None)

def registered(path, sender):
    global item, title
    item = (sender, path, None)
    item, title = (sender, path, property("Menu")), property("Title")
    Gio.bus_watch_name_on_connection(bus, sender, 0, None, gone)
    for signal in ("LayoutUpdated", "ItemsPropertiesUpdated"):
        bus.signal_subscribe(sender, "com.canonical.dbusmenu", signal, item[2], None, 0, look)
    look()

def called(_bus, sender, _path, _interface, method, args, invocation):
    invocation.return_value(None)
    if method == "RegisterStatusNotifierItem": GLib.idle_add(registered, args.unpack()[0], sender)

def got(_bus, _sender, _path, _interface, name):
    facts = {"IsStatusNotifierHostRegistered": ("b", True), "ProtocolVersion": ("i", 0)}
    return GLib.Variant(*facts.get(name, ("as", [])))

def clicked(source, _condition):
    label = source.readline().rstrip("\\n")
    if label == "": return False
    [number] = [number for number, facts in rows() if facts.get("label") == label]
    call("com.canonical.dbusmenu", item[2], "Event", GLib.Variant("(isvu)", (number, "clicked", GLib.Variant("s", ""), 0)), "()")
    return True

about = Gio.DBusNodeInfo.new_for_xml("""<node><interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
</interface></node>""")
bus.register_object("/StatusNotifierWatcher", about.interfaces[0], called, got, None)
Gio.bus_own_name_on_connection(bus, "org.kde.StatusNotifierWatcher", 0, lambda *_: tell("ready"), None)
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, clicked)
GLib.MainLoop().run()
`;

/** What the panel shows; one icon at a time. */
export class Panel implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** Of the program with the icon. */
  title = "";
  /** Without its lines; `undefined` while there is no icon. */
  menu: readonly PanelMenuItem[] | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Start a panel on a bus, and wait until it takes icons. */
  static async open(bus: string): Promise<Panel> {
    const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: bus };
    const child = spawn("/usr/bin/python3", ["-c", script], { env, stdio: ["pipe", "pipe", "inherit"] });
    const panel = new Panel(child);
    const lines = createInterface({ input: child.stdout });
    const ready = Promise.race([
      once(lines, "line"),
      once(child, "exit").then(() => Promise.reject(new Error("Cannot open a panel: it ended"))),
    ]);
    await ready;
    lines.on("line", (line) => {
      const shown: { title: string; menu: readonly PanelMenuItem[] } | null = JSON.parse(line);
      panel.title = shown?.title ?? "";
      panel.menu = shown?.menu;
    });
    return panel;
  }

  get labels(): readonly string[] | undefined {
    return this.menu?.map(({ label }) => label);
  }

  click(label: string): void {
    this.#child.stdin?.write(`${label}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await ended;
  }
}
