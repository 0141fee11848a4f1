/**
 * The language that a marketplace states, or that of a country, where it states the country alone. Only countries with one language for nearly
 * everybody: where there are several, the product's own text is the safer one.
 */
const COUNTRIES: Readonly<Record<string, string>> = {
  cs: 'CZ',
  da: 'DK',
  de: 'AT DE LI',
  es: 'AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PY SV UY VE',
  fi: 'FI',
  fr: 'FR MC',
  it: 'IT SM VA',
  ja: 'JP',
  ko: 'KR',
  nb: 'NO',
  nl: 'NL',
  pl: 'PL',
  pt: 'AO BR MZ PT',
  sv: 'SE',
  zh: 'CN',
};

const LANGUAGES: ReadonlyMap<string, string> = new Map(
  Object.entries(COUNTRIES).flatMap(([language, countries]) =>
    countries.split(' ').map((country) => [country, language] as const),
  ),
);

/** `country`: ISO 3166-1 alpha-2. */
export function languageOfCountry(country: string | undefined): string | undefined {
  return LANGUAGES.get(country?.trim().toUpperCase() ?? '');
}

/** Norwegian is written as Bokmål nearly everywhere. */
const SAME: Readonly<Record<string, string>> = { no: 'nb', nn: 'nb' };

/** `tag`: BCP 47, such as `de-AT`; its first two letters count. */
export function languageOfTag(tag: string | undefined): string | undefined {
  const [, letters] = /^([a-z]{2})(?:[-_].*)?$/i.exec(tag ?? '') ?? [];
  const language = letters?.toLowerCase();
  return language === undefined ? undefined : (SAME[language] ?? language);
}
