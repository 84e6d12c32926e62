import { nothing } from "lit";
import { Directive, type DirectiveResult, directive, type ElementPart } from "lit/directive.js";

class StyleProperties extends Directive {
  render(_properties: Readonly<Record<string, string>>): typeof nothing {
    return nothing;
  }

  override update(part: ElementPart, [properties]: [Readonly<Record<string, string>>]): typeof nothing {
    if (!(part.element instanceof HTMLElement)) return nothing;
    const { style } = part.element;
    for (const [name, value] of Object.entries(properties)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    }
    return nothing;
  }
}

/** Set style properties through the CSSOM: a `style` attribute is what `style-src 'self'` refuses. */
export const styleProperties: (
  properties: Readonly<Record<string, string>>,
) => DirectiveResult<typeof StyleProperties> = directive(StyleProperties);
