/** #rrggbb, lower case. */
export type Colour = string;

/** WCAG 2.2 relative luminance, 0 black to 1 white. */
export function luminanceOf(colour: Colour): number {
  const [red, green, blue] = channelsOf(colour).map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** 1 to 21. */
export function contrastOf(one: Colour, other: Colour): number {
  const a = luminanceOf(one);
  const b = luminanceOf(other);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

export function channelsOf(colour: Colour): readonly [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function colourOf(red: number, green: number, blue: number): Colour {
  const part = (value: number): string =>
    Math.max(0, Math.min(255, Math.round(value)))
      .toString(16)
      .padStart(2, "0");
  return `#${part(red)}${part(green)}${part(blue)}`;
}

/** `share` 0 gives `from`, 1 gives `to`. */
export function mixColours(from: Colour, to: Colour, share: number): Colour {
  const a = channelsOf(from);
  const b = channelsOf(to);
  const at = (index: 0 | 1 | 2): number => a[index] + (b[index] - a[index]) * share;
  return colourOf(at(0), at(1), at(2));
}

/** Moved towards black or white until it has a contrast on another; the lesser way of the two. */
export function readableOn(colour: Colour, ground: Colour, contrast: number): Colour {
  const ways = ["#000000", "#ffffff"].map((end) => ({
    end,
    steps: Array.from({ length: 26 }, (_, step) => step / 25).findIndex(
      (share) => contrastOf(mixColours(colour, end, share), ground) >= contrast,
    ),
  }));
  const [first] = ways.filter(({ steps }) => steps >= 0).sort((a, b) => a.steps - b.steps);
  if (first) return mixColours(colour, first.end, first.steps / 25);
  return contrastOf("#000000", ground) >= contrastOf("#ffffff", ground) ? "#000000" : "#ffffff";
}
