//! From what a person pasted to the characters that are judged (docs/license-code.md, "Reading", step 1).

use crate::fold::FOLD_ROWS;

pub(crate) const CODE_LENGTH: usize = 160;

/// UTF-16 units that are looked at, as in every reader.
const LONGEST_TEXT: usize = 1 << 23;

/// The values of characters, beside 0 to 31.
const MEANINGLESS: u8 = 32;
const FOREIGN: u8 = 33;

/// The value of each ASCII character.
const VALUES: [u8; 128] = ascii_values();

const fn ascii_values() -> [u8; 128] {
    let mut values = [FOREIGN; 128];
    let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut i = 0;
    while i < alphabet.len() {
        values[alphabet[i] as usize] = i as u8;
        values[alphabet[i].to_ascii_lowercase() as usize] = i as u8;
        i += 1;
    }
    let look_alikes = b"I1i1L1l1O0o0";
    i = 0;
    while i < look_alikes.len() {
        values[look_alikes[i] as usize] = look_alikes[i + 1] - b'0';
        i += 2;
    }
    let meaningless = b"\t\n\x0b\x0c\r ->*_`";
    i = 0;
    while i < meaningless.len() {
        values[meaningless[i] as usize] = MEANINGLESS;
        i += 1;
    }
    values
}

/// What a text, a line or a word is cleaned to, as far as it matters.
#[derive(Clone, Copy)]
pub(crate) struct Cleaned {
    /// 0 to 31 each, while `bad` is 0.
    pub(crate) values: [u8; 2 * CODE_LENGTH],
    /// Of all characters, also beyond those in `values`.
    pub(crate) count: usize,
    /// Position of the first foreign character, from 1; 0 for none.
    pub(crate) bad: usize,
}

impl Cleaned {
    const EMPTY: Cleaned = Cleaned { values: [0; 2 * CODE_LENGTH], count: 0, bad: 0 };

    fn is_code(&self) -> bool {
        self.bad == 0 && self.count == CODE_LENGTH
    }

    fn is_code_twice(&self) -> bool {
        let (first, second) = self.values.split_at(CODE_LENGTH);
        self.bad == 0 && self.count == 2 * CODE_LENGTH && first == second
    }

    fn add(&mut self, value: u8) {
        if value == FOREIGN && self.bad == 0 {
            self.bad = self.count + 1;
        }
        if let Some(place) = self.values.get_mut(self.count) {
            *place = value;
        }
        self.count += 1;
    }

    /// The values are written anew before they are read.
    fn clear(&mut self) {
        self.count = 0;
        self.bad = 0;
    }
}

/// The code, if the text is one, once or twice, or exactly one of its lines or words is; otherwise all of it.
pub(crate) fn clean(text: &str) -> Cleaned {
    clean_code(text.as_bytes()).unwrap_or_else(|| clean_any(text))
}

/// The usual case, a text that is a code and nothing else.
fn clean_code(text: &[u8]) -> Option<Cleaned> {
    if text.len() != CODE_LENGTH {
        return None;
    }
    let mut cleaned = Cleaned { count: CODE_LENGTH, ..Cleaned::EMPTY };
    for (place, byte) in cleaned.values.iter_mut().zip(text) {
        *place = VALUES.get(usize::from(*byte)).copied().filter(|value| *value < MEANINGLESS)?;
    }
    Some(cleaned)
}

/// One pass, however long the text is: what it is cleaned to as a whole, and beside it each line and each word.
fn clean_any(text: &str) -> Cleaned {
    let (mut whole, mut line, mut word) = (Cleaned::EMPTY, Cleaned::EMPTY, Cleaned::EMPTY);
    let (mut found, mut found_word) = (Cleaned::EMPTY, Cleaned::EMPTY);
    let (mut codes, mut words, mut units) = (0, 0, 0);
    for character in looked_at(text, &mut units).chain(std::iter::once('\n')) {
        for value in fold(character) {
            whole.add(value);
            line.add(value);
            word.add(value);
        }
        if !character.is_whitespace() {
            continue;
        }
        if word.is_code() {
            words += 1;
            found_word = word;
        }
        word.clear();
        if !is_line_break(character) {
            continue;
        }
        if line.is_code() {
            codes += 1;
            found = line;
        } else if words > 0 {
            codes += words;
            found = found_word;
        }
        line.clear();
        words = 0;
    }
    if whole.is_code_twice() {
        whole.count = CODE_LENGTH;
    }
    if !whole.is_code() && codes == 1 {
        return found;
    }
    whole
}

/// The characters of the longest text that is looked at; half of a surrogate pair at its end is a foreign character.
fn looked_at<'a>(text: &'a str, units: &'a mut usize) -> impl Iterator<Item = char> + 'a {
    text.chars().map_while(move |character| {
        if *units >= LONGEST_TEXT {
            return None;
        }
        *units += character.len_utf16();
        Some(if *units > LONGEST_TEXT { char::REPLACEMENT_CHARACTER } else { character })
    })
}

/// The values that a character is read as.
fn fold(character: char) -> impl Iterator<Item = u8> {
    let point = u32::from(character);
    let ascii = VALUES.get(point as usize).copied();
    let row = if ascii.is_some() { None } else { row_of(point) };
    let (target, offset) = row.map_or(("", 0), |(first, _, target)| (*target, (point - first) as u8));
    let (letters, rise) = target.strip_suffix('+').map_or((target, 0), |letters| (letters, offset));
    let last = letters.len().wrapping_sub(1);
    let risen = letters.bytes().enumerate().map(move |(i, letter)| letter + if i == last { rise } else { 0 });
    let foreign = if ascii.is_none() && row.is_none() { Some(FOREIGN) } else { None };
    let values = risen.map(|letter| VALUES[usize::from(letter)]).chain(ascii).chain(foreign);
    values.filter(|value| *value != MEANINGLESS)
}

/// None for a foreign character.
fn row_of(point: u32) -> Option<&'static (u32, u32, &'static str)> {
    let after = FOLD_ROWS.partition_point(|(first, _, _)| *first <= point);
    FOLD_ROWS[..after].last().filter(|(_, last, _)| point <= *last)
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
