/** The languages that every text of the product exists in. */
export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** A text for people, in each language. */
export type Text = Readonly<Record<Language, string>>;
