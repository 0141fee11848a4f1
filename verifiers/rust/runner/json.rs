//! A JSON reader for the runner alone. A lone surrogate, which the cases have and no `str` can hold, becomes U+FFFD.

const DEEPEST: usize = 64;

#[derive(Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

static NOTHING: Json = Json::Null;

impl Json {
    /// The member of that name; a null value if there is none.
    pub fn get(&self, name: &str) -> &Json {
        match self {
            Json::Object(members) => members.iter().find(|(key, _)| key == name).map_or(&NOTHING, |(_, value)| value),
            _ => &NOTHING,
        }
    }

    pub fn list(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self) -> u32 {
        match self {
            Json::Number(number) => *number as u32,
            _ => 0,
        }
    }

    pub fn is_true(&self) -> bool {
        *self == Json::Bool(true)
    }
}

/// None for what is no JSON.
pub fn parse(text: &str) -> Option<Json> {
    let mut source = Source { text, at: 0 };
    let value = source.value(0)?;
    source.skip_space();
    Some(value).filter(|_| source.at == text.len())
}

struct Source<'a> {
    text: &'a str,
    at: usize,
}

impl Source<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n'].as_slice()).len();
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.rest().starts_with(word);
        self.at += if there { word.len() } else { 0 };
        there
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.skip_space();
        if depth > DEEPEST {
            None
        } else if self.take("null") {
            Some(Json::Null)
        } else if self.take("true") {
            Some(Json::Bool(true))
        } else if self.take("false") {
            Some(Json::Bool(false))
        } else if self.take("\"") {
            self.string().map(Json::Text)
        } else if self.take("[") {
            let mut items = Vec::new();
            self.members(']', |source| Some(items.push(source.value(depth + 1)?)))?;
            Some(Json::List(items))
        } else if self.take("{") {
            let mut members = Vec::new();
            self.members('}', |source| {
                source.skip_space();
                let name = if source.take("\"") { source.string()? } else { return None };
                source.skip_space();
                let value = if source.take(":") { source.value(depth + 1)? } else { return None };
                Some(members.push((name, value)))
            })?;
            Some(Json::Object(members))
        } else {
            self.number()
        }
    }

    fn members(&mut self, close: char, mut member: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let close = close.to_string();
        self.skip_space();
        if self.take(&close) {
            return Some(());
        }
        loop {
            member(self)?;
            self.skip_space();
            if self.take(&close) {
                return Some(());
            }
            if !self.take(",") {
                return None;
            }
        }
    }

    fn number(&mut self) -> Option<Json> {
        let rest = self.rest();
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "+-.eE".contains(c));
        let number = rest[..rest.len() - digits.len()].parse().ok()?;
        self.at = self.text.len() - digits.len();
        Some(Json::Number(number))
    }

    /// What follows a quotation mark.
    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let plain = self.rest().find(['"', '\\'].as_slice())?;
            text.push_str(&self.rest()[..plain]);
            self.at += plain + 1;
            if self.text.as_bytes()[self.at - 1] == b'"' {
                return Some(text);
            }
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Option<char> {
        let letter = self.rest().chars().next()?;
        self.at += letter.len_utf8();
        Some(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unicode()?,
            _ => return None,
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let high = self.hex4()?;
        if !(0xD800..0xDC00).contains(&high) {
            return Some(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.at;
        let low = if self.take("\\u") { self.hex4()? } else { 0 };
        if (0xDC00..0xE000).contains(&low) {
            return char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
        }
        self.at = before;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self) -> Option<u32> {
        let unit = u32::from_str_radix(self.text.get(self.at..self.at + 4)?, 16).ok()?;
        self.at += 4;
        Some(unit)
    }
}
