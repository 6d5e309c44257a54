/** The lexicon's languages: they differ from those Placard speaks. */
export const LANGUAGES = ["en", "es", "fr", "de", "pt", "ru", "ar", "zh", "hi"] as const;
export type Language = (typeof LANGUAGES)[number];
