/** The contrast of two colors (WCAG 2.2, 1.4.3), 1 to 21. */

/** `#rrggbb`. */
export type Color = `#${string}`;

export function isColor(text: string): text is Color {
  return /^#[0-9a-f]{6}$/i.test(text);
}

export function contrast(one: Color, other: Color): number {
  const [bright = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((place) => {
    const value = Number.parseInt(color.slice(place, place + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
