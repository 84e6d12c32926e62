import { NaruGuest } from "@naru/elements/guest";

const page = document.querySelector("naru-guest");
if (page instanceof NaruGuest) {
  page.openTransfers = async (origin, user) => {
    const { openTransfers } = await import("@naru/client/browser");
    return openTransfers({ origin, user });
  };
  page.address = location.origin + location.pathname.replace(/\/$/u, "");
}
