/**
 * The languages that a text can have beside English, with what dates and the default subject need. Tables of our own, as
 * those of Node.js may change with its version, and a mail has to come out the same each time.
 */
export interface Language {
  /** The default pattern of the filter `date`. */
  readonly date: string;
  /** As they stand in a date. */
  readonly months: readonly string[];
  /** From Sunday. */
  readonly weekdays: readonly string[];
  /** A Liquid text. */
  readonly subject: string;
}

const words = (text: string): readonly string[] => text.split(' ');

export const ENGLISH: Language = {
  date: '%-d %B %Y',
  months: words('January February March April May June July August September October November December'),
  weekdays: words('Sunday Monday Tuesday Wednesday Thursday Friday Saturday'),
  subject: 'Your license for {{ product.name }}',
};

/** A no-break space: with a space, the day at the start of a line would be Markdown's list. */
const DOTTED = '%-d.\u00a0%B %Y';

const NUMBERED = words('1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月');

/** By ISO 639-1. */
const OTHERS: Readonly<Record<string, Language>> = {
  cs: {
    date: DOTTED,
    months: words('ledna února března dubna května června července srpna září října listopadu prosince'),
    weekdays: words('neděle pondělí úterý středa čtvrtek pátek sobota'),
    subject: 'Vaše licence na {{ product.name }}',
  },
  da: {
    date: DOTTED,
    months: words('januar februar marts april maj juni juli august september oktober november december'),
    weekdays: words('søndag mandag tirsdag onsdag torsdag fredag lørdag'),
    subject: 'Din licens til {{ product.name }}',
  },
  de: {
    date: DOTTED,
    months: words('Januar Februar März April Mai Juni Juli August September Oktober November Dezember'),
    weekdays: words('Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag'),
    subject: 'Ihre Lizenz für {{ product.name }}',
  },
  es: {
    date: '%-d de %B de %Y',
    months: words('enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'),
    weekdays: words('domingo lunes martes miércoles jueves viernes sábado'),
    subject: 'Su licencia de {{ product.name }}',
  },
  fi: {
    date: DOTTED,
    months: words(
      'tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta',
    ),
    weekdays: words('sunnuntai maanantai tiistai keskiviikko torstai perjantai lauantai'),
    subject: 'Lisenssisi: {{ product.name }}',
  },
  fr: {
    date: '%-d %B %Y',
    months: words('janvier février mars avril mai juin juillet août septembre octobre novembre décembre'),
    weekdays: words('dimanche lundi mardi mercredi jeudi vendredi samedi'),
    subject: 'Votre licence pour {{ product.name }}',
  },
  it: {
    date: '%-d %B %Y',
    months: words(
      'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
    ),
    weekdays: words('domenica lunedì martedì mercoledì giovedì venerdì sabato'),
    subject: 'La tua licenza per {{ product.name }}',
  },
  ja: {
    date: '%Y年%-m月%-d日',
    months: NUMBERED,
    weekdays: words('日曜日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日'),
    subject: '{{ product.name }} のライセンス',
  },
  ko: {
    date: '%Y년 %-m월 %-d일',
    months: words('1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월'),
    weekdays: words('일요일 월요일 화요일 수요일 목요일 금요일 토요일'),
    subject: '{{ product.name }} 라이선스',
  },
  nb: {
    date: DOTTED,
    months: words('januar februar mars april mai juni juli august september oktober november desember'),
    weekdays: words('søndag mandag tirsdag onsdag torsdag fredag lørdag'),
    subject: 'Din lisens for {{ product.name }}',
  },
  nl: {
    date: '%-d %B %Y',
    months: words('januari februari maart april mei juni juli augustus september oktober november december'),
    weekdays: words('zondag maandag dinsdag woensdag donderdag vrijdag zaterdag'),
    subject: 'Uw licentie voor {{ product.name }}',
  },
  pl: {
    date: '%-d %B %Y',
    months: words(
      'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia',
    ),
    weekdays: words('niedziela poniedziałek wtorek środa czwartek piątek sobota'),
    subject: 'Twoja licencja na {{ product.name }}',
  },
  pt: {
    date: '%-d de %B de %Y',
    months: words('janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro'),
    weekdays: words('domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado'),
    subject: 'A sua licença de {{ product.name }}',
  },
  sv: {
    date: '%-d %B %Y',
    months: words('januari februari mars april maj juni juli augusti september oktober november december'),
    weekdays: words('söndag måndag tisdag onsdag torsdag fredag lördag'),
    subject: 'Din licens för {{ product.name }}',
  },
  zh: {
    date: '%Y年%-m月%-d日',
    months: NUMBERED,
    weekdays: words('星期日 星期一 星期二 星期三 星期四 星期五 星期六'),
    subject: '您的 {{ product.name }} 许可证',
  },
};

/** The tags of the languages above, sorted. */
export const LANGUAGES: readonly string[] = Object.keys(OTHERS);

/** English for an unknown tag, and without one. */
export function languageOf(tag: string | undefined): Language {
  return (tag !== undefined && Object.hasOwn(OTHERS, tag) ? OTHERS[tag] : undefined) ?? ENGLISH;
}
