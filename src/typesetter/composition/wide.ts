/** From this ratio of width to height on, strips one above the other would leave the picture a slit. */
const WIDE_RATIO = 1.4;

/** Whether picture and lettering stand side by side. */
export const isWide = (page: { readonly w: number; readonly h: number }): boolean => page.w >= page.h * WIDE_RATIO;
