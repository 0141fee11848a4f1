//! Verifies Mintmark license codes, version 1, offline. Use it as the crate `mintmark-verify`, or copy this one file into
//! your program as a module; it needs `ed25519-dalek = { version = "2", features = ["digest"] }` and nothing else.
//!
//! ```
//! use mintmark_verify::{Key, Mode, Reader, Verdict};
//! # fn unlock(_: bool, _: &str) {}
//! # let pasted = "License: 200H...";
//!
//! let public_key = "7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb"; // of your keyring.json
//! let reader = Reader::new("acme-editor", &[Key { id: 1, mode: Mode::Live, public_key }])?.features(&["export"])?;
//! match reader.read(pasted) {
//!     Verdict::Valid(licensed) => unlock(licensed.has("export"), &licensed.code),
//!     verdict => println!("{}", verdict),
//! }
//! # Ok::<(), mintmark_verify::Misuse>(())
//! ```
//!
//! `read` takes whatever a customer pastes: a whole mail, a link, a code in groups or with one slip, which is undone where
//! the signature proves it ([`Licensed::repaired`]). No text makes it panic, and a text of any length takes milliseconds.
//! A program that keeps [`Licensed::keep`] and gives it to [`Reader::latest_day`] is not fooled by a clock set back.
//!
//! The steps are those of docs/license-code.md, "Reading"; all languages answer alike.
#![forbid(unsafe_code)]

use ed25519_dalek::{Digest, Sha512, Signature, VerifyingKey};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 160;
const CODE_BYTES: usize = 100;
/// Where the signature begins, and where it ends.
const SIGNATURE: usize = 34;
const CHECK: usize = 98;
const CONTEXT: &[u8] = b"mintmark license v1\0";

/// Code points of a text that are looked at.
const LONGEST_PASTE: usize = 65_536;
/// Signatures that may fail before no more are checked, and those that are checked to repair codes.
const MOST_FAILURES: usize = 5;
const MOST_REPAIRS: usize = 4;
/// How far a computer's clock may be behind that of the seller's server, in days.
const CLOCK_SKEW: i32 = 2;
const MOST_FEATURES: usize = 24;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Live,
    Test,
}

/// An entry of keyring.json. A production build embeds live keys only.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// 1 to 255.
    pub id: u8,
    pub mode: Mode,
    /// 32 bytes in hex.
    pub public_key: &'a str,
}

/// What a program gave that makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misuse(&'static str);

impl std::error::Error for Misuse {}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Reads the codes of one product. Threads may share it.
pub struct Reader {
    /// What is signed before the record.
    prefix: Vec<u8>,
    tag: [u8; 3],
    keys: Vec<Option<(Mode, StrictKey)>>,
    heads: Heads,
    today: Option<Day>,
    build_date: Option<Day>,
    latest_day: Option<Day>,
    features: Arc<[String]>,
    allow_test: bool,
    revoked: Box<dyn Fn(&LicenseId) -> bool + Send + Sync>,
}

impl Reader {
    /// An error that names what makes no sense: a product id of other than 1 to 64 bytes, no key, an id or a key twice,
    /// a key that anyone can sign for.
    pub fn new(product: &str, keyring: &[Key]) -> Result<Reader, Misuse> {
        let length = u8::try_from(product.len()).ok().filter(|length| (1..=64).contains(length));
        let length = length.ok_or(Misuse("product: must be the product id, 1 to 64 bytes of UTF-8"))?;
        let hash = Sha512::digest(product.as_bytes());
        let tag = [hash[0], hash[1], hash[2]];
        Ok(Reader {
            prefix: [CONTEXT, &[length], product.as_bytes()].concat(),
            tag,
            keys: take_keys(keyring)?,
            heads: Heads::of(keyring, tag),
            today: None,
            build_date: None,
            latest_day: None,
            features: Arc::new([]),
            allow_test: false,
            revoked: Box::new(|_| false),
        })
    }

    /// The day to judge by; the UTC day that the computer shows at each reading, if not given.
    pub fn today(self, today: Day) -> Reader {
        Reader { today: Some(today), ..self }
    }

    /// The UTC day that the program was built on: today is never earlier, and it is what updates end before.
    pub fn build_date(self, build_date: Day) -> Reader {
        Reader { build_date: Some(build_date), ..self }
    }

    /// The latest UTC day that the program has seen, which is the [`Licensed::keep`] of the reading before: a clock that
    /// was set back then revives nothing.
    pub fn latest_day(self, latest_day: Option<Day>) -> Reader {
        Reader { latest_day, ..self }
    }

    /// The product's feature names in their order, for [`Licensed::has`]. An error for more than 24, an empty one, or
    /// one that is there twice.
    pub fn features(self, names: &[&str]) -> Result<Reader, Misuse> {
        let different: HashSet<&&str> = names.iter().collect();
        if names.len() > MOST_FEATURES || names.contains(&"") || different.len() < names.len() {
            return Err(Misuse("features: must be at most 24 names, each of them once"));
        }
        Ok(Reader { features: names.iter().map(|name| String::from(*name)).collect(), ..self })
    }

    /// Whether test codes are accepted too.
    pub fn allow_test(self, allow_test: bool) -> Reader {
        Reader { allow_test, ..self }
    }

    /// Which licenses were withdrawn.
    pub fn revoked(self, revoked: impl Fn(&LicenseId) -> bool + Send + Sync + 'static) -> Reader {
        Reader { revoked: Box::new(revoked), ..self }
    }

    /// What was pasted comes to: the codes in it are found, one slip is undone, and the first verdict that applies is
    /// given. No text makes it panic.
    pub fn read(&self, text: &str) -> Verdict {
        let text: Vec<char> = text.chars().take(LONGEST_PASTE).collect();
        let mut letters = Letters::of(&text);
        let mut checks = Checks::default();
        let mut found = self.find(&mut letters, &mut checks);
        if found.genuine.is_empty() {
            if let Some(bare) = without_line_marks(&text) {
                let again = self.find(&mut Letters::of(&bare), &mut checks);
                found.genuine = again.genuine;
                found.refusals.extend(again.refusals);
            }
        }
        if !found.genuine.is_empty() {
            return self.judge_all(found.genuine);
        }
        furthest(found.refusals).unwrap_or_else(|| damage(&letters, &found.starts, &self.heads, &text))
    }

    /// Steps 2 and 3: the whole codes in order, then the repaired ones.
    fn find(&self, letters: &mut Letters, checks: &mut Checks) -> Found {
        self.heads.mark(letters);
        let mut found = Found::default();
        let mut within = Vec::new();
        for (code, places) in letters.whole_codes() {
            match self.refuse(&code).or_else(|| self.check(&code, checks)) {
                None => {
                    found.genuine.push((code, None));
                    within.extend(places);
                }
                Some(refusal) => found.refusals.push(refusal),
            }
        }
        // No room for another: the usual case.
        if !found.genuine.is_empty() && letters.count() < CODE_LENGTH * (within.len() + 1) - 1 {
            return found;
        }
        within.sort_unstable();
        found.starts = self.heads.starts(letters, &within);
        let mut past = 0;
        for start in &found.starts {
            if *start >= past {
                past = self.repair(letters, *start, &mut found.genuine, checks).unwrap_or(past);
            }
        }
        found
    }

    /// Why a code does not count before its signature is checked. None if it is to be checked.
    fn refuse(&self, code: &Code) -> Option<Verdict> {
        let bytes = &code.bytes;
        let version = bytes[0] >> 4;
        if version != 1 || bytes[0] & 0b1100 != 0 {
            return Some(Verdict::UnsupportedVersion { version });
        }
        if bytes[2..5] != self.tag {
            return Some(Verdict::WrongProduct);
        }
        let key_id = bytes[1];
        Some(Verdict::UnknownKey { key_id }).filter(|_| self.keys[usize::from(key_id)].is_none())
    }

    /// None for a genuine code. Once too many signatures have failed no more are checked, and no forged code is twice.
    fn check(&self, code: &Code, checks: &mut Checks) -> Option<Verdict> {
        if checks.forged.len() >= MOST_FAILURES || checks.forged.contains(&code.values) {
            return Some(Verdict::Forged);
        }
        let bytes = &code.bytes;
        let genuine = self.keys[usize::from(bytes[1])].as_ref().is_some_and(|(mode, key)| {
            let signed = [&self.prefix[..], &bytes[..SIGNATURE]].concat();
            code.is_test() == (*mode == Mode::Test) && key.verifies(&signed, &bytes[SIGNATURE..CHECK])
        });
        if genuine {
            return None;
        }
        checks.forged.push(code.values);
        Some(Verdict::Forged)
    }

    /// Adds the genuine code one slip away from what stands at a start, and gives where it ends.
    fn repair(
        &self,
        letters: &Letters,
        start: usize,
        genuine: &mut Vec<(Code, Option<Repaired>)>,
        checks: &mut Checks,
    ) -> Option<usize> {
        for (length, slip) in slips_at(letters, start) {
            let code = slip.undone(&letters.0[start..start + length]);
            if genuine.iter().any(|(other, _)| other.values == code.values) {
                return Some(start + length);
            }
            if self.refuse(&code).is_some() || checks.forged.contains(&code.values) || checks.repairs >= MOST_REPAIRS {
                continue;
            }
            checks.repairs += 1;
            if self.check(&code, checks).is_none() {
                genuine.push((code, Some(slip.told(letters, start, length))));
                return Some(start + length);
            }
        }
        None
    }

    /// Of one license the newest code counts; of several licenses none is chosen.
    fn judge_all(&self, genuine: Vec<(Code, Option<Repaired>)>) -> Verdict {
        let mut newest: Vec<(Code, Option<Repaired>)> = Vec::new();
        for (code, repaired) in genuine {
            match newest.iter_mut().find(|(other, _)| other.license() == code.license()) {
                None => newest.push((code, repaired)),
                Some(held) if code.two(21) > held.0.two(21) => *held = (code, repaired),
                Some(_) => {}
            }
        }
        let mut choices: Vec<Verdict> =
            newest.into_iter().map(|(code, repaired)| self.judge(&code, repaired)).collect();
        match choices.pop() {
            Some(only) if choices.is_empty() => only,
            last => Verdict::Several { choices: choices.into_iter().chain(last).collect() },
        }
    }

    fn judge(&self, code: &Code, repaired: Option<Repaired>) -> Verdict {
        let license = code.read();
        let License { last_valid, updates_until, .. } = license;
        let clock = self.today.unwrap_or_else(Day::today);
        let today = [self.build_date, self.latest_day].into_iter().flatten().fold(clock, Day::max);
        let end = last_valid.map_or(license.issued, Day::next);
        let keep = self.latest_day.map_or(today.min(end), |kept| kept.max(today.min(end)));
        let licensed = Licensed { license, code: code.text(), repaired, keep, features: None };
        if license.test && !self.allow_test {
            return Verdict::TestCode(licensed);
        }
        // A dead battery must not lock out who bought for good.
        if last_valid.is_some() && license.issued.number() - today.number() > CLOCK_SKEW {
            return Verdict::NotYetValid(licensed);
        }
        if (self.revoked)(&license.id) {
            return Verdict::Revoked(licensed);
        }
        if last_valid.is_some_and(|last| last < today) {
            return Verdict::Expired(licensed);
        }
        match (updates_until, self.build_date) {
            (Some(until), Some(built)) if until < built => Verdict::UpdatesEnded(licensed),
            _ => Verdict::Valid(Licensed { features: Some(Arc::clone(&self.features)), ..licensed }),
        }
    }
}

/// What the letters of a text hold.
#[derive(Default)]
struct Found {
    genuine: Vec<(Code, Option<Repaired>)>,
    refusals: Vec<Verdict>,
    /// Where a code with a slip may begin.
    starts: Vec<usize>,
}

/// The signature checks in one text: each takes time.
#[derive(Default)]
struct Checks {
    forged: Vec<[u8; CODE_LENGTH]>,
    repairs: usize,
}

/// Of several refusals the one that came furthest; of the same the first.
fn furthest(refusals: Vec<Verdict>) -> Option<Verdict> {
    let rank = |refusal: &Verdict| match refusal {
        Verdict::Forged => 3,
        Verdict::UnknownKey { .. } => 2,
        Verdict::WrongProduct => 1,
        _ => 0,
    };
    refusals.into_iter().reduce(|best, other| if rank(&other) > rank(&best) { other } else { best })
}

fn take_keys(keyring: &[Key]) -> Result<Vec<Option<(Mode, StrictKey)>>, Misuse> {
    let mut keys: Vec<Option<(Mode, StrictKey)>> = (0..256).map(|_| None).collect();
    let mut seen: Vec<[u8; 32]> = Vec::new();
    for entry in keyring {
        if entry.id == 0 || keys[usize::from(entry.id)].is_some() {
            return Err(Misuse("keyring: an id is a whole number from 1 to 255, and there once"));
        }
        let bytes = from_hex(entry.public_key).ok_or(Misuse("keyring: a public key is 32 bytes in hex"))?;
        if seen.contains(&bytes) {
            return Err(Misuse("keyring: a public key is there twice"));
        }
        let key = StrictKey::new(&bytes).ok_or(Misuse(
            "keyring: a public key is no point, not canonical or of small order, so that anyone could sign for it",
        ))?;
        seen.push(bytes);
        keys[usize::from(entry.id)] = Some((entry.mode, key));
    }
    if seen.is_empty() {
        return Err(Misuse("keyring: holds no key, so no code could be valid"));
    }
    Ok(keys)
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let bytes: Vec<u8> =
        digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | *digit as u8)).collect();
    <[u8; 32]>::try_from(bytes).ok().filter(|_| text.len() == 64)
}

/// What a reader answers. Only `Valid` is licensed. `Display` writes a sentence for the user, which holds nothing of what
/// was pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Empty,
    NoCode {
        seen: Seen,
    },
    /// The position counts from 1 in code points of the pasted text; `group`, here and below, from 1 in eights of the
    /// code, where the wrong one can be told.
    BadCharacter {
        character: char,
        position: usize,
        group: Option<usize>,
    },
    TooShort {
        count: usize,
        group: Option<usize>,
    },
    TooLong {
        count: usize,
    },
    Mistyped {
        group: Option<usize>,
    },
    UnsupportedVersion {
        version: u8,
    },
    WrongProduct,
    UnknownKey {
        key_id: u8,
    },
    Forged,
    /// Codes of several licenses of the product, each with its own verdict: which is meant is for the user to say.
    Several {
        choices: Vec<Verdict>,
    },
    TestCode(Licensed),
    NotYetValid(Licensed),
    Revoked(Licensed),
    Expired(Licensed),
    UpdatesEnded(Licensed),
    Valid(Licensed),
}

impl Verdict {
    /// The word of the format, by which a program may translate.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Empty => "empty",
            Verdict::NoCode { .. } => "no-code",
            Verdict::BadCharacter { .. } => "bad-character",
            Verdict::TooShort { .. } => "too-short",
            Verdict::TooLong { .. } => "too-long",
            Verdict::Mistyped { .. } => "mistyped",
            Verdict::UnsupportedVersion { .. } => "unsupported-version",
            Verdict::WrongProduct => "wrong-product",
            Verdict::UnknownKey { .. } => "unknown-key",
            Verdict::Forged => "forged",
            Verdict::Several { .. } => "several",
            Verdict::TestCode(_) => "test-code",
            Verdict::NotYetValid(_) => "not-yet-valid",
            Verdict::Revoked(_) => "revoked",
            Verdict::Expired(_) => "expired",
            Verdict::UpdatesEnded(_) => "updates-ended",
            Verdict::Valid(_) => "valid",
        }
    }

    /// What a genuine code says, whether it counts or not.
    pub fn licensed(&self) -> Option<&Licensed> {
        match self {
            Verdict::TestCode(licensed)
            | Verdict::NotYetValid(licensed)
            | Verdict::Revoked(licensed)
            | Verdict::Expired(licensed)
            | Verdict::UpdatesEnded(licensed)
            | Verdict::Valid(licensed) => Some(licensed),
            _ => None,
        }
    }

    /// True for a valid license with this feature, by a name among the reader's.
    pub fn has(&self, feature: &str) -> bool {
        self.licensed().is_some_and(|licensed| licensed.has(feature))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let look_at = |group: &Option<usize>| {
            group.map_or(String::new(), |group| {
                format!(", or look at characters {} to {} of it", 8 * group - 7, 8 * group)
            })
        };
        let day = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
        match self {
            Verdict::Empty => f.write_str("paste your license code"),
            Verdict::NoCode { seen } => {
                write!(f, "{}: look in your e-mail for a line of 160 letters and digits", seen.sentence())
            }
            Verdict::BadCharacter { position, .. } => {
                write!(f, "character {} does not belong in a license code", position)
            }
            Verdict::TooShort { count, group } => {
                write!(f, "this is {} of 160 characters: copy the whole line{}", count, look_at(group))
            }
            Verdict::TooLong { count } => {
                write!(f, "this is {} characters instead of 160: copy only the line with the code", count)
            }
            Verdict::Mistyped { group } => {
                write!(f, "some characters are wrong: paste it again{}", look_at(group))
            }
            Verdict::UnsupportedVersion { .. } => {
                f.write_str("this license was made for a newer version of this program")
            }
            Verdict::WrongProduct => f.write_str("this license is for another product"),
            Verdict::UnknownKey { .. } => f.write_str("update the program, then try again"),
            Verdict::Forged => f.write_str("this is not a genuine license"),
            Verdict::Several { .. } => f.write_str("here are codes of several licenses: paste one of them"),
            Verdict::TestCode(_) => f.write_str("this is a test license"),
            Verdict::NotYetValid(_) => {
                f.write_str("this license begins in the future: check the date of your computer")
            }
            Verdict::Revoked(_) => f.write_str("this license was withdrawn (refunded, for example)"),
            Verdict::Expired(read) => write!(f, "this license expired on {}", day(read.license.last_valid)),
            Verdict::UpdatesEnded(read) => {
                write!(f, "this license covers versions built until {}", day(read.license.updates_until))
            }
            Verdict::Valid(_) => f.write_str("licensed"),
        }
    }
}

/// What a text holds instead of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    OrderNumber,
    EmailAddress,
    Link,
    Text,
}

impl Seen {
    /// The word of the format.
    pub fn word(self) -> &'static str {
        match self {
            Seen::OrderNumber => "order-number",
            Seen::EmailAddress => "e-mail-address",
            Seen::Link => "link",
            Seen::Text => "text",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Seen::OrderNumber => "here is an order number, but no license code",
            Seen::EmailAddress => "here is an e-mail address, but no license code",
            Seen::Link => "here is a link, but no license code",
            Seen::Text => "here is no license code",
        }
    }
}

/// What a genuine code comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licensed {
    pub license: License,
    /// The code itself, as it was minted: what a program keeps.
    pub code: String,
    /// The slip that was undone, if there was one.
    pub repaired: Option<Repaired>,
    /// The UTC day to keep, and to give the next reader as its latest day.
    pub keep: Day,
    /// The reader's names, with the verdict `Valid` alone.
    features: Option<Arc<[String]>>,
}

impl Licensed {
    /// True for a valid license with this feature, by a name among the reader's.
    pub fn has(&self, feature: &str) -> bool {
        let bit = self.features.iter().flat_map(|names| names.iter()).position(|name| name == feature);
        bit.is_some_and(|bit| self.license.features >> bit & 1 == 1)
    }
}

/// A slip of the finger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    pub kind: SlipKind,
    /// Of the first character concerned, from 1, in code points of the pasted text; of an omission, where it belongs.
    pub position: usize,
    /// As pasted: one character, two of a swap, none of an omission.
    pub was: String,
    /// What belongs there: one character, two of a swap, none of an insertion.
    pub is: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipKind {
    Substitution,
    Swap,
    Omission,
    Insertion,
}

impl SlipKind {
    /// The word of the format.
    pub fn word(self) -> &'static str {
        match self {
            SlipKind::Substitution => "substitution",
            SlipKind::Swap => "swap",
            SlipKind::Omission => "omission",
            SlipKind::Insertion => "insertion",
        }
    }
}

/// A license as a program sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct License {
    pub id: LicenseId,
    pub revision: u16,
    pub issued: Day,
    /// Inclusive; none is perpetual.
    pub last_valid: Option<Day>,
    /// Inclusive, held against the build date; none is no limit.
    pub updates_until: Option<Day>,
    /// 0 is unlimited.
    pub seats: u16,
    /// Bit i is the product's feature number i.
    pub features: u32,
    pub test: bool,
    pub trial: bool,
    pub key_id: u8,
}

/// 16 bytes, the same over renewals; written in the shape of a UUID, lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LicenseId(pub [u8; 16]);

impl fmt::Display for LicenseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, byte) in self.0.iter().enumerate() {
            let hyphen = if matches!(i, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{}{:02x}", hyphen, byte)?;
        }
        Ok(())
    }
}

/// 160 characters of the alphabet, and the bytes that they are.
struct Code {
    values: [u8; CODE_LENGTH],
    bytes: [u8; CODE_BYTES],
}

impl Code {
    fn of(values: [u8; CODE_LENGTH]) -> Code {
        let mut bytes = [0; CODE_BYTES];
        for (five, eight) in bytes.chunks_mut(5).zip(values.chunks(8)) {
            let bits = eight.iter().fold(0u64, |bits, value| bits << 5 | u64::from(*value));
            five.copy_from_slice(&bits.to_be_bytes()[3..]);
        }
        Code { values, bytes }
    }

    fn text(&self) -> String {
        text_of(&self.values)
    }

    fn is_test(&self) -> bool {
        self.bytes[0] & 0b01 != 0
    }

    /// What is the same in all codes of one license: version, test flag, product tag, license id.
    fn license(&self) -> (u8, &[u8]) {
        (self.bytes[0] & !0b10, &self.bytes[2..21])
    }

    fn two(&self, at: usize) -> u16 {
        u16::from_be_bytes([self.bytes[at], self.bytes[at + 1]])
    }

    fn read(&self) -> License {
        let mut id = [0; 16];
        id.copy_from_slice(&self.bytes[5..21]);
        let day_or_none = |at| Some(self.two(at)).filter(|number| *number != 0).map(Day::from_number);
        License {
            id: LicenseId(id),
            revision: self.two(21),
            issued: Day::from_number(self.two(23)),
            last_valid: day_or_none(25),
            updates_until: day_or_none(27),
            seats: self.two(29),
            features: u32::from_be_bytes([0, self.bytes[31], self.bytes[32], self.bytes[33]]),
            test: self.is_test(),
            trial: self.bytes[0] & 0b10 != 0,
            key_id: self.bytes[1],
        }
    }
}

fn text_of(values: &[u8]) -> String {
    values.iter().map(|value| char::from(ALPHABET[usize::from(*value)])).collect()
}

// Step 1: letters.

/// The value of a character that is in no code, but may stand in the place of one that is.
const WRONG: u8 = 32;

/// What stands before a letter: any of these is an edge, none of them is within a word.
const GAP: u8 = 1;
const BESIDE_WRONG: u8 = 2;
const PARAGRAPH: u8 = 4;
/// The 3D with which a word begins: rewritten links have -3D or *3D in the place of an equals sign.
const BEHIND_EQUALS: u8 = 8;
/// A head of the reader begins.
const HEAD: u8 = 16;

struct Letter {
    /// 0 to 31, or WRONG.
    value: u8,
    before: u8,
    /// What it was read from, and where that stands in the text, from 1.
    point: char,
    position: u32,
}

struct Letters(Vec<Letter>);

impl Letters {
    /// Linear in the length of the text.
    fn of(text: &[char]) -> Letters {
        let mut pen = Pen { letters: Vec::with_capacity(text.len()), position: 1, gap: true, line_breaks: 0 };
        let mut at = 0;
        while at < text.len() {
            pen.position = at as u32 + 1;
            let point = text[at];
            match escape(&text[at..]) {
                Some((length, escaped)) => {
                    at += length;
                    match escaped {
                        Some(point) => pen.put(point),
                        None => pen.gap = true,
                    }
                }
                None => {
                    let ends_cr_lf = point == '\n' && at > 0 && text[at - 1] == '\r';
                    pen.line_breaks += u32::from(is_line_break(point) && !ends_cr_lf);
                    pen.put(point);
                    at += 1;
                }
            }
        }
        Letters(pen.letters)
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    fn value(&self, at: usize) -> u8 {
        self.0[at].value
    }

    /// What stands before a letter, or behind the last.
    fn before(&self, at: usize) -> u8 {
        self.0.get(at).map_or(GAP, |letter| letter.before)
    }

    fn is_edge(&self, at: usize) -> bool {
        self.before(at) != 0
    }

    /// The first gap behind a place: a wrong character ends no word.
    fn word_end(&self, from: usize) -> usize {
        (from + 1..self.count()).find(|at| self.before(*at) & GAP != 0).unwrap_or(self.count())
    }

    fn wrongs(&self, range: Range<usize>) -> usize {
        self.0[range].iter().filter(|letter| letter.value == WRONG).count()
    }

    /// How many were read from digits.
    fn digits(&self, range: Range<usize>) -> usize {
        self.0[range].iter().filter(|letter| letter.point.is_ascii_digit()).count()
    }

    /// Upper and lower case in one word, as in base64 and in links. I, l and O are typed for 1 and 0.
    fn is_mixed(&self, range: Range<usize>) -> bool {
        let points =
            || self.0[range.clone()].iter().map(|letter| letter.point).filter(|point| !"ILOilo".contains(*point));
        points().any(|point| point.is_ascii_lowercase()) && points().any(|point| point.is_ascii_uppercase())
    }

    /// Step 2: the whole codes in order, each once, and the places where they begin.
    fn whole_codes(&self) -> Vec<(Code, Vec<usize>)> {
        let fits = Fits::of(self);
        let mut found = HashMap::new();
        let mut codes: Vec<(Code, Vec<usize>)> = Vec::new();
        for start in (0..self.count()).filter(|start| self.is_edge(*start)) {
            let mut end = start;
            while fits.at(end) {
                end += CODE_LENGTH;
                if self.is_edge(end) {
                    break;
                }
            }
            if !self.is_edge(end) && self.before(start) & HEAD == 0 {
                continue;
            }
            for at in (start..end).step_by(CODE_LENGTH) {
                let mut values = [0; CODE_LENGTH];
                values.iter_mut().zip(&self.0[at..]).for_each(|(value, letter)| *value = letter.value);
                let index = *found.entry(values).or_insert(codes.len());
                if index == codes.len() {
                    codes.push((Code::of(values), Vec::new()));
                }
                codes[index].1.push(at);
            }
        }
        codes
    }
}

/// Writes letters down with what stands before them.
struct Pen {
    letters: Vec<Letter>,
    position: u32,
    gap: bool,
    line_breaks: u32,
}

impl Pen {
    /// A code point by itself: as it stands, or what an escape means.
    fn put(&mut self, point: char) {
        match read_as(point) {
            ReadAs::Nothing => self.gap = true,
            ReadAs::One(value) => self.put_value(value, point),
            ReadAs::Several(text) => text.into_iter().for_each(|letter| self.put_value(letter, point)),
        }
    }

    fn put_value(&mut self, value: u8, point: char) {
        let beside_wrong = value == WRONG || self.letters.last().is_some_and(|last| last.value == WRONG);
        let before = (u8::from(self.gap) * GAP)
            | (u8::from(beside_wrong) * BESIDE_WRONG)
            | (u8::from(self.line_breaks > 1) * PARAGRAPH)
            | (u8::from(!self.gap && self.is_behind_equals()) * BEHIND_EQUALS);
        self.letters.push(Letter { value, before, point, position: self.position });
        self.gap = false;
        self.line_breaks = 0;
    }

    fn is_behind_equals(&self) -> bool {
        match self.letters[..] {
            [.., ref three, ref d] => three.before & GAP != 0 && d.before == 0 && (three.value, d.value) == (3, 13),
            _ => false,
        }
    }
}

enum ReadAs {
    Nothing,
    /// A value, or WRONG.
    One(u8),
    Several(Vec<u8>),
}

fn read_as(point: char) -> ReadAs {
    match ASCII.get(point as usize) {
        Some(&NOTHING) => ReadAs::Nothing,
        Some(value) => ReadAs::One(*value),
        None => fold(point),
    }
}

const NOTHING: u8 = 33;

/// What each character of ASCII is read as: I and L as 1, O as 0. Letters stand here in both cases.
static ASCII: [u8; 128] = {
    let mut table = [NOTHING; 128];
    let mut value = 0;
    while value < 32 {
        table[ALPHABET[value].to_ascii_lowercase() as usize] = value as u8;
        table[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    let others = [(b'I', 1), (b'L', 1), (b'O', 0), (b'U', WRONG)];
    let mut i = 0;
    while i < others.len() {
        table[others[i].0 as usize] = others[i].1;
        table[others[i].0.to_ascii_lowercase() as usize] = others[i].1;
        i += 1;
    }
    table
};

/// What a code point beyond ASCII is read as, by the table below.
fn fold(point: char) -> ReadAs {
    let point = u32::from(point);
    let row = FOLD_ROWS.partition_point(|(_, last, _)| *last < point);
    let (first, target) = match FOLD_ROWS.get(row) {
        Some((first, _, target)) if *first <= point => (*first, *target),
        _ => return ReadAs::One(WRONG),
    };
    let mut letters: Vec<u8> = target.trim_end_matches('+').bytes().collect();
    if let (Some(last), true) = (letters.last_mut(), target.ends_with('+')) {
        *last += (point - first) as u8;
    }
    let values: Vec<u8> = letters.into_iter().map(|letter| ASCII[usize::from(letter)]).collect();
    match values[..] {
        [] => ReadAs::Nothing,
        [value] => ReadAs::One(value),
        _ if values.contains(&WRONG) => ReadAs::One(WRONG),
        _ => ReadAs::Several(values),
    }
}

fn is_line_break(point: char) -> bool {
    matches!(point, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// How many code points are passed over, and what they stand for; nothing where that is none.
type Escape = (usize, Option<char>);

/// What a program wrote for a character, at the beginning of what is left of a text: URL, mail, HTML, JSON.
fn escape(rest: &[char]) -> Option<Escape> {
    match rest {
        ['%', ..] => percent(rest),
        ['=', ..] => quoted_printable(rest),
        ['&', ..] => entity(rest),
        ['<', ..] => tag(rest),
        // RTF; not \'20, as a quoted code begins with it.
        ['\\', '\'', '8' | '9' | 'A'..='F' | 'a'..='f', low, ..] if low.is_ascii_hexdigit() => Some((4, None)),
        ['\\', 'p', 'a', 'r', more @ ..] if !matches!(more, ['a'..='z', ..]) => Some((4, None)),
        ['\\', 'l', 'i', 'n', 'e', more @ ..] if !matches!(more, ['a'..='z', ..]) => Some((5, None)),
        ['\\', 'n' | 'r' | 't', ..] => Some((2, None)),
        ['\\', 'u', a, b, c, d, ..] => number(&[*a, *b, *c, *d], 16).map(|point| (6, char::from_u32(point))),
        // UTF-8 that was read as Latin-1 or Windows-1252.
        ['\u{c2}', '\u{20}' | '\u{80}'..='\u{bf}', ..] => Some((2, None)),
        ['\u{e2}', '\u{80}' | '\u{20ac}', '\u{80}'..='\u{2122}', ..] => Some((3, None)),
        ['\u{ef}', '\u{bb}', '\u{bf}', ..] => Some((3, None)),
        _ => None,
    }
}

/// `%41`, or escaped again and again, as `%252541`.
fn percent(rest: &[char]) -> Option<Escape> {
    let most = rest[1..].chunks(2).take(4).take_while(|two| **two == ['2', '5']).count();
    (0..=most).rev().find_map(|times| {
        let end = 3 + 2 * times;
        let byte = number(rest.get(end - 2..end)?, 16)?;
        Some((end, char::from_u32(byte).filter(char::is_ascii)))
    })
}

/// RFC 2045, 6.7. `=2x` is none, as a link may have the code behind it; white space is at line ends.
fn quoted_printable(rest: &[char]) -> Option<Escape> {
    let escaped = match rest {
        [_, '3', 'D' | 'd', ..] | [_, '0', 'A' | 'a' | 'D' | 'd', ..] => true,
        [_, '8' | '9' | 'A'..='F' | 'a'..='f', low, ..] => low.is_ascii_hexdigit(),
        [_, '2', '0', more @ ..] | [_, '0', '9', more @ ..] => matches!(more, [] | ['\r' | '\n' | '=', ..]),
        _ => false,
    };
    Some((3, None)).filter(|_| escaped)
}

/// `&#65;`, `&#x41;` and `&name;`, or escaped again and again, as `&amp;amp;nbsp;`; and what HTML allows without `;`.
fn entity(rest: &[char]) -> Option<Escape> {
    let most = rest[1..].chunks(4).take(4).take_while(|four| **four == ['a', 'm', 'p', ';']).count();
    (0..=most).rev().find_map(|times| {
        let name = &rest[1 + 4 * times..];
        let (length, point) = whole_entity(name).or(match name {
            ['s', 'h', 'y', ..] => Some((3, None)),
            ['n', 'b', 's', 'p', ..] => Some((4, None)),
            _ => None,
        })?;
        Some((1 + 4 * times + length, point))
    })
}

fn whole_entity(name: &[char]) -> Option<Escape> {
    const LONGEST_NAME: usize = 32;
    let length = name.iter().take(LONGEST_NAME + 1).position(|point| *point == ';')?;
    let point = match &name[..length] {
        ['#', 'x' | 'X', digits @ ..] if digits.len() <= 6 => char::from_u32(number(digits, 16)?),
        ['#', digits @ ..] if digits.len() <= 7 => char::from_u32(number(digits, 10)?),
        [first, _, ..] if first.is_ascii_alphabetic() && name[..length].iter().all(char::is_ascii_alphanumeric) => None,
        _ => return None,
    };
    Some((length + 1, point))
}

/// As many spaces in the place of what mail programs and editors put before lines, so that positions stay what they are:
/// `Ada>`, `1:`, `(2)`, a number before white space. None if there is none.
fn without_line_marks(text: &[char]) -> Option<Vec<char>> {
    let mut bare = text.to_vec();
    let mut marked = false;
    for at in (0..text.len()).filter(|at| *at == 0 || matches!(text[at - 1], '\n' | '\r')) {
        let line = &text[at..];
        let from = line.iter().take_while(|point| "\t >|([".contains(**point)).count();
        let length = line[from..].iter().take_while(|point| point.is_ascii_alphanumeric()).count();
        let word = &line[from..from + length];
        let is_mark = match line.get(from + length) {
            Some('>' | ':' | '.' | ')' | '|' | ']') => (1..=10).contains(&length),
            Some('\t' | ' ') => (1..=4).contains(&length) && word.iter().all(char::is_ascii_digit),
            _ => false,
        };
        if is_mark {
            marked = true;
            bare[at..=at + from + length].fill(' ');
        }
    }
    Some(bare).filter(|_| marked)
}

/// Shorter than a code, so that none is passed over with it.
fn tag(rest: &[char]) -> Option<Escape> {
    const LONGEST: usize = 158;
    let name = if rest.get(1) == Some(&'/') { 2 } else { 1 };
    rest.get(name).filter(|first| first.is_ascii_alphabetic())?;
    let inside = &rest[name + 1..];
    let length = inside.iter().take(LONGEST + 1).position(|point| matches!(point, '<' | '>'))?;
    Some((name + length + 2, None)).filter(|_| inside[length] == '>')
}

/// None for what is no number of that base.
fn number(digits: &[char], base: u32) -> Option<u32> {
    let none = if digits.is_empty() { None } else { Some(0) };
    digits.iter().fold(none, |number, digit| Some(number? * base + digit.to_digit(base)?))
}

// Check digits without bytes. A CRC over all of a code, check digits too, leaves 0, and it is linear: each character at
// each place adds a number of its own (XOR), so what is left tells which single slips to try.

/// The register of CRC-16/CCITT-FALSE after one more character of 5 bits.
const fn crc_step(register: u16, value: u8) -> u16 {
    let mut register = register ^ ((value as u16) << 11);
    let mut bit = 0;
    while bit < 5 {
        register = (register << 1) ^ ((register >> 15) * 0x1021);
        bit += 1;
    }
    register
}

/// What the five top bits of the register become.
const CRC_TABLE: [u16; 32] = {
    let mut table = [0; 32];
    let mut bits = 0;
    while bits < 32 {
        table[bits] = crc_step(0, bits as u8);
        bits += 1;
    }
    table
};

/// What each value adds at each place of a code.
static WEIGHTS: [[u16; 32]; CODE_LENGTH] = {
    let mut weights = [[0; 32]; CODE_LENGTH];
    let mut value = 0;
    while value < 32 {
        let mut weight = CRC_TABLE[value];
        let mut place = CODE_LENGTH;
        while place > 0 {
            place -= 1;
            weights[place][value] = weight;
            weight = crc_step(weight, 0);
        }
        value += 1;
    }
    weights
};

/// What each bit of the register becomes over the length of a code.
static OVER_A_CODE: [u16; 16] = {
    let mut table = [0; 16];
    let mut bit = 0;
    while bit < 16 {
        let mut register = 1 << bit;
        let mut place = 0;
        while place < CODE_LENGTH {
            register = crc_step(register, 0);
            place += 1;
        }
        table[bit] = register;
        bit += 1;
    }
    table
};

fn over_a_code(register: u16) -> u16 {
    (0..16).filter(|bit| register >> bit & 1 == 1).fold(0, |moved, bit| moved ^ OVER_A_CODE[bit])
}

/// What the initial register adds: the XOR of this and of the weights of all characters of a code is 0.
fn initial_weight() -> u16 {
    over_a_code(0xFFFF)
}

/// A wrong character adds nothing, nor does what is outside of a code.
fn weight(place: usize, value: Option<&u8>) -> u16 {
    match (WEIGHTS.get(place), value) {
        (Some(weights), Some(value)) if *value != WRONG => weights[usize::from(*value)],
        _ => 0,
    }
}

/// Tells at which places 160 characters are in the alphabet and have check digits that fit.
struct Fits {
    /// Of all characters before a place: the register, and how many are wrong.
    before: Vec<(u16, u32)>,
}

impl Fits {
    fn of(letters: &Letters) -> Fits {
        let mut before = Vec::with_capacity(letters.count() + 1);
        let (mut register, mut wrongs) = (0, 0);
        before.push((register, wrongs));
        for letter in &letters.0 {
            let wrong = letter.value == WRONG;
            let value = if wrong { 0 } else { u16::from(letter.value) };
            register = (register << 5) ^ CRC_TABLE[usize::from((register >> 11) ^ value)];
            wrongs += u32::from(wrong);
            before.push((register, wrongs));
        }
        Fits { before }
    }

    fn at(&self, from: usize) -> bool {
        match (self.before.get(from), self.before.get(from + CODE_LENGTH)) {
            (Some((register, wrongs)), Some((behind, wrongs_behind))) => {
                wrongs == wrongs_behind && *behind == over_a_code(register ^ 0xFFFF)
            }
            _ => false,
        }
    }
}

// Step 3: repair.

/// How the codes begin that a reader knows: version, flags, key id and product tag are the first 8 characters.
struct Heads {
    heads: Vec<[u8; HEAD_LENGTH]>,
    /// The first four and the last three characters of each, as one number, in order.
    firsts: Vec<u32>,
    lasts: Vec<u32>,
}

const HEAD_LENGTH: usize = 8;
/// The first character of each: the version, and the first bit of the flags, which is 0.
const HEAD_FIRST: u8 = 2;
/// Where a code may begin that one slip keeps from being found: no more of a text are looked at.
const MOST_STARTS: usize = 16;

impl Heads {
    fn of(keyring: &[Key], tag: [u8; 3]) -> Heads {
        let head = |key: &Key, trial: u8| {
            let bytes = [0x10 | trial | u8::from(key.mode == Mode::Test), key.id, tag[0], tag[1], tag[2]];
            let bits = bytes.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            let mut values = [0; HEAD_LENGTH];
            values.iter_mut().zip((0..40).step_by(5).rev()).for_each(|(value, bit)| *value = (bits >> bit & 31) as u8);
            values
        };
        let heads: Vec<[u8; HEAD_LENGTH]> = keyring.iter().flat_map(|key| [head(key, 0b00), head(key, 0b10)]).collect();
        let sorted = |range: Range<usize>| {
            let mut parts: Vec<u32> = heads.iter().map(|head| packed(head[range.clone()].iter().copied())).collect();
            parts.sort_unstable();
            parts
        };
        Heads { firsts: sorted(0..4), lasts: sorted(HEAD_LENGTH - 3..HEAD_LENGTH), heads }
    }

    /// Whether the characters from a place on begin like a code, as far as there are some.
    fn begins(&self, letters: &Letters, from: usize) -> bool {
        let there = &letters.0[from..letters.count().min(from + HEAD_LENGTH)];
        self.heads.iter().any(|head| there.iter().zip(head).all(|(letter, value)| letter.value == *value))
    }

    /// Makes each place an edge where a whole head stands: a code that is joined to other text is found. A code with two
    /// characters too many is not.
    fn mark(&self, letters: &mut Letters) {
        if letters.count() < CODE_LENGTH + 3 {
            return;
        }
        for at in 0..=letters.count() - HEAD_LENGTH {
            if letters.value(at) == HEAD_FIRST && self.begins(letters, at) {
                letters.0[at].before |= HEAD;
            }
        }
    }

    /// The edges outside of genuine codes behind which a code with at most one slip in its head may begin, the first 16.
    fn starts(&self, letters: &Letters, genuine: &[usize]) -> Vec<usize> {
        let is_within = |at: usize| {
            let before = genuine.partition_point(|place| *place <= at);
            before > 0 && at < genuine[before - 1] + CODE_LENGTH
        };
        let edges = (0..letters.count()).filter(|at| letters.is_edge(*at));
        edges.filter(|at| self.is_near(letters, *at) && !is_within(*at)).take(MOST_STARTS).collect()
    }

    /// One slip leaves the first four characters as they are, or the last three, at most one place off.
    fn is_near(&self, letters: &Letters, from: usize) -> bool {
        let is_in = |parts: &[u32], range: Range<usize>| {
            let there = letters.0.get(range);
            there.is_some_and(|there| parts.binary_search(&packed(there.iter().map(|letter| letter.value))).is_ok())
        };
        let last = from + HEAD_LENGTH - 3;
        is_in(&self.firsts, from..from + 4) || (last - 1..=last + 1).any(|at| is_in(&self.lasts, at..at + 3))
    }
}

/// A wrong character has a bit that no other has.
fn packed(values: impl Iterator<Item = u8>) -> u32 {
    values.fold(0, |number, value| number << 6 | u32::from(value))
}

/// `cut` characters at a place are replaced by `put`.
struct Slip {
    kind: SlipKind,
    place: usize,
    cut: usize,
    put: Vec<u8>,
}

impl Slip {
    fn undone(&self, letters: &[Letter]) -> Code {
        let kept = |letters: &[Letter]| letters.iter().map(|letter| letter.value).collect::<Vec<u8>>();
        let (before, behind) = (kept(&letters[..self.place]), kept(&letters[self.place + self.cut..]));
        let mut values = [0; CODE_LENGTH];
        values.copy_from_slice(&[before, self.put.clone(), behind].concat());
        Code::of(values)
    }

    fn told(&self, letters: &Letters, start: usize, length: usize) -> Repaired {
        let at = start + self.place;
        let position = if self.place < length { letters.0[at].position } else { letters.0[at - 1].position + 1 };
        Repaired {
            kind: self.kind,
            position: position as usize,
            was: letters.0[at..at + self.cut].iter().map(|letter| letter.point).collect(),
            is: text_of(&self.put),
        }
    }
}

/// Each single slip that leads from a code whose check digits fit to what stands from a place on up to an edge; and how
/// many characters that is.
fn slips_at(letters: &Letters, start: usize) -> Vec<(usize, Slip)> {
    let mut slips = Vec::new();
    for length in [CODE_LENGTH, CODE_LENGTH - 1, CODE_LENGTH + 1] {
        let end = start + length;
        if end > letters.count() || !letters.is_edge(end) || letters.wrongs(start..end) > 1 {
            continue;
        }
        let values: Vec<u8> = letters.0[start..end].iter().map(|letter| letter.value).collect();
        let wrong = values.iter().position(|value| *value == WRONG);
        let found = match (length, wrong) {
            (CODE_LENGTH, None) => substitutions(&values, 0..CODE_LENGTH).into_iter().chain(swaps(&values)).collect(),
            (CODE_LENGTH, Some(wrong)) => substitutions(&values, wrong..wrong + 1),
            (159, None) => omissions(&values),
            (159, Some(_)) => Vec::new(),
            (_, wrong) => insertions(&values, wrong),
        };
        slips.extend(found.into_iter().map(|slip| (length, slip)));
    }
    slips
}

/// What is left over of the values, each moved by some places; 0 where the check digits fit.
fn remainder<'a>(placed: impl Iterator<Item = (usize, &'a u8)>) -> u16 {
    placed.fold(initial_weight(), |rest, (place, value)| rest ^ weight(place, Some(value)))
}

fn substitutions(values: &[u8], places: Range<usize>) -> Vec<Slip> {
    let rest = remainder(values.iter().enumerate());
    let mut slips = Vec::new();
    for place in places {
        let without = rest ^ weight(place, values.get(place));
        let others = (0..32).filter(|value| *value != values[place] && weight(place, Some(value)) == without);
        slips.extend(others.map(|value| Slip { kind: SlipKind::Substitution, place, cut: 1, put: vec![value] }));
    }
    slips
}

fn swaps(values: &[u8]) -> Vec<Slip> {
    let rest = remainder(values.iter().enumerate());
    let mut slips = Vec::new();
    for (place, pair) in values.windows(2).enumerate() {
        let as_is = weight(place, Some(&pair[0])) ^ weight(place + 1, Some(&pair[1]));
        let swapped = weight(place, Some(&pair[1])) ^ weight(place + 1, Some(&pair[0]));
        if pair[0] != pair[1] && as_is ^ swapped == rest {
            slips.push(Slip { kind: SlipKind::Swap, place, cut: 2, put: vec![pair[1], pair[0]] });
        }
    }
    slips
}

fn omissions(values: &[u8]) -> Vec<Slip> {
    let mut rest = remainder((1..).zip(values));
    let mut slips = Vec::new();
    for place in 0..CODE_LENGTH {
        let before = place.checked_sub(1).and_then(|before| values.get(before));
        // Next to an equal character the result is the same code.
        let missing = (0..32).filter(|value| weight(place, Some(value)) == rest && before != Some(value));
        slips.extend(missing.map(|value| Slip { kind: SlipKind::Omission, place, cut: 0, put: vec![value] }));
        rest ^= weight(place + 1, values.get(place)) ^ weight(place, values.get(place));
    }
    slips
}

fn insertions(values: &[u8], wrong: Option<usize>) -> Vec<Slip> {
    let mut rest = remainder((0..).zip(&values[1..]));
    let mut slips = Vec::new();
    for place in 0..values.len() {
        let may = match wrong {
            Some(wrong) => wrong == place,
            None => place == 0 || values[place - 1] != values[place],
        };
        if may && rest == 0 {
            slips.push(Slip { kind: SlipKind::Insertion, place, cut: 1, put: Vec::new() });
        }
        rest ^= weight(place, values.get(place + 1)) ^ weight(place, values.get(place));
    }
    slips
}

// Step 5: say.

const GROUP: usize = 8;
/// Characters of a word that can be part of a code and hardly of a language, and of a text with many digits.
const LONG_WORD: usize = 20;
const LONG_TEXT: usize = 40;
/// The share of digits in such a text, as a divisor: a code has 10 of 32.
const DIGITS: usize = 5;
/// Shorter words behind longer ones are prose.
const SHORT_WORD: usize = 4;
const MOST_WRONG: usize = 2;

/// What is wrong with a text in which no whole code was found.
fn damage(letters: &Letters, starts: &[usize], heads: &Heads, text: &[char]) -> Verdict {
    if letters.count() == 0 {
        return Verdict::Empty;
    }
    let known = known_piece(letters, starts, heads);
    let is_known = known.is_some();
    let piece = match known.or_else(|| long_word(letters)).or_else(|| many_digits(letters)) {
        Some(piece) => piece,
        None => return Verdict::NoCode { seen: seen_in(text) },
    };
    let count = piece.len();
    let wrong = piece.clone().find(|at| letters.value(*at) == WRONG);
    let group = group_of(letters, piece.clone(), is_known && !heads.begins(letters, piece.start));
    match wrong {
        Some(at) if count >= CODE_LENGTH - 1 => {
            let Letter { point, position, .. } = letters.0[at];
            Verdict::BadCharacter { character: point, position: position as usize, group }
        }
        _ if count < CODE_LENGTH => Verdict::TooShort { count, group },
        _ if count > CODE_LENGTH => Verdict::TooLong { count },
        _ => Verdict::Mistyped { group },
    }
}

/// The first that begins as a code of this product does; a short one must do so to the letter, or any number would.
fn known_piece(letters: &Letters, starts: &[usize], heads: &Heads) -> Option<Range<usize>> {
    let pieces = starts.iter().map(|from| *from..piece_end(letters, *from));
    pieces
        .into_iter()
        .find(|piece| piece.len() >= LONG_WORD || heads.begins(letters, piece.start))
        .or_else(|| Some(0..letters.count()).filter(|all| all.len() < 4 && heads.begins(letters, 0)))
}

/// From the longest word on, the first of them, if it is long enough.
fn long_word(letters: &Letters) -> Option<Range<usize>> {
    let mut best = 0..0;
    let mut from = 0;
    while from < letters.count() {
        let word = from..letters.word_end(from);
        from = word.end;
        let is_longest = word.len() >= LONG_WORD && word.len() > best.len();
        if is_longest && letters.wrongs(word.clone()) <= MOST_WRONG && !letters.is_mixed(word.clone()) {
            best = word;
        }
    }
    Some(best.start..piece_end(letters, best.start)).filter(|_| !best.is_empty())
}

/// The whole text, if it is long and has the digits of a code.
fn many_digits(letters: &Letters) -> Option<Range<usize>> {
    Some(0..letters.count()).filter(|all| all.len() >= LONG_TEXT && letters.digits(all.clone()) * DIGITS >= all.len())
}

/// An edge at the length of a code, or one off; else where prose begins.
fn piece_end(letters: &Letters, from: usize) -> usize {
    let near = prose_after(letters, from, CODE_LENGTH + 1);
    let lengths = [CODE_LENGTH, CODE_LENGTH - 1, CODE_LENGTH + 1];
    let mut ends = lengths.iter().map(|length| from + length);
    ends.find(|end| *end <= near && letters.is_edge(*end))
        .unwrap_or_else(|| prose_after(letters, from, letters.count()))
}

/// Where prose begins, or the end of the word that makes it enough characters.
fn prose_after(letters: &Letters, from: usize, enough: usize) -> usize {
    let mut end = letters.word_end(from);
    let mut last = end - from;
    while end - from < enough && end < letters.count() && letters.before(end) & PARAGRAPH == 0 {
        let next = end..letters.word_end(end);
        if is_prose(letters, next.clone(), last) || letters.wrongs(next.clone()) > MOST_WRONG {
            break;
        }
        last = next.len();
        end = next.end;
    }
    end
}

/// A short word behind a longer one, or a word without digits that is no group like the last one.
fn is_prose(letters: &Letters, word: Range<usize>, last: usize) -> bool {
    let is_last = word.end == letters.count();
    if word.len() < SHORT_WORD && last >= SHORT_WORD && !is_last {
        return true;
    }
    // The last may be on its way still.
    let is_group = word.len().abs_diff(last) <= 1 || is_last && word.len() < last && last < LONG_WORD;
    !is_group && letters.digits(word) == 0
}

/// The group of eight that is wrong, from 1, where it can be told: it holds a wrong character; it is the first, which is
/// the same in all codes of a product; or, of a code in groups of eight, it is the one that has more or fewer.
fn group_of(letters: &Letters, piece: Range<usize>, has_other_head: bool) -> Option<usize> {
    if let Some(at) = piece.clone().find(|at| letters.value(*at) == WRONG) {
        return Some((at - piece.start) / GROUP + 1);
    }
    if has_other_head && piece.len() >= HEAD_LENGTH {
        return Some(1);
    }
    let mut lengths = Vec::new();
    let mut at = piece.start;
    while at < piece.end {
        let end = letters.word_end(at).min(piece.end);
        lengths.push(end - at);
        at = end;
    }
    // The last may be on its way still.
    if piece.len() < CODE_LENGTH {
        lengths.pop();
    }
    let odd = lengths.iter().filter(|length| **length != GROUP).count();
    let first = lengths.iter().position(|length| *length != GROUP)?;
    Some(first + 1).filter(|_| odd <= 2 && lengths.len() - odd >= 2)
}

/// What a text is that holds no license code, as far as a person would know it.
fn seen_in(text: &[char]) -> Seen {
    const LONGEST_WORD: usize = 200;
    let all = text.split(|point| matches!(point, '\t'..='\r' | ' ')).filter(|word| !word.is_empty());
    // Of a date there are 8 digits.
    let fewest = if all.clone().count() == 1 { 4 } else { 9 };
    let mut seen = if text.windows(3).any(|three| three == [':', '/', '/']) { Seen::Link } else { Seen::Text };
    for word in all.filter(|word| word.len() <= LONGEST_WORD) {
        let first = word.iter().position(char::is_ascii_alphanumeric);
        let last = word.iter().rposition(char::is_ascii_alphanumeric);
        let word = first.zip(last).map_or(&[][..], |(first, last)| &word[first..=last]);
        if is_order_number(word, fewest) {
            return Seen::OrderNumber;
        }
        if is_address(word) {
            seen = Seen::EmailAddress;
        }
    }
    seen
}

fn is_order_number(word: &[char], fewest_digits: usize) -> bool {
    (4..=40).contains(&word.len())
        && !is_day_or_id(word)
        && word.iter().all(|point| point.is_ascii_alphanumeric() || *point == '-')
        && word.iter().filter(|point| point.is_ascii_digit()).count() >= fewest_digits
}

/// 2026-11-21, 21-11-2026, or a license id.
fn is_day_or_id(word: &[char]) -> bool {
    let lengths: Vec<usize> = word.split(|point| *point == '-').map(<[char]>::len).collect();
    let all = |base: u32| word.iter().all(|point| *point == '-' || point.is_digit(base));
    match lengths[..] {
        [4, 2, 2] | [2, 2, 4] => all(10),
        [8, 4, 4, 4, 12] => all(16),
        _ => false,
    }
}

fn is_address(word: &[char]) -> bool {
    let mut parts = word.split(|point| *point == '@');
    match (parts.next(), parts.next(), parts.next()) {
        (Some([_, ..]), Some([_, host @ .., _]), None) => host.contains(&'.'),
        _ => false,
    }
}

// Ed25519 as it must be checked.

/// The order of the base point, little-endian (RFC 8032, 5.1).
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// A public key that only its owner can sign for.
pub struct StrictKey(VerifyingKey);

impl StrictKey {
    /// None for bytes that are no point, not canonical (which the crate lets pass) or of small order.
    pub fn new(bytes: &[u8; 32]) -> Option<StrictKey> {
        let key = VerifyingKey::from_bytes(bytes).ok()?;
        Some(StrictKey(key)).filter(|_| is_canonical(bytes) && !key.is_weak())
    }

    /// `verify_strict` refuses an R of small order, and compares R as bytes. S < L is checked here too: another crate
    /// of the same program may have turned on the feature `legacy_compatibility`, which drops it for all.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        <[u8; 64]>::try_from(signature).is_ok_and(|bytes| {
            bytes[32..].iter().rev().lt(L.iter().rev())
                && self.0.verify_strict(message, &Signature::from_bytes(&bytes)).is_ok()
        })
    }
}

/// True if y is below p = 2^255 - 19.
fn is_canonical(point: &[u8; 32]) -> bool {
    point[31] & 0x7f != 0x7f || point[1..31].iter().any(|byte| *byte != 0xff) || point[0] < 0xed
}

// Days.

/// From 0000-03-01, when eras of 400 years begin with a leap day as their last, to 1970-01-01.
const DAYS_TO_1970: i32 = 719_468;

/// An existing day of the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i32);

impl Day {
    /// The UTC day that the computer's clock shows; the first of 1970 where it shows an earlier one.
    pub fn today() -> Day {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        Day(i32::try_from(seconds / 86_400).unwrap_or(i32::MAX))
    }

    fn from_number(number: u16) -> Day {
        Day(i32::from(number))
    }

    /// Days since 1970-01-01; negative before.
    pub fn number(self) -> i32 {
        self.0
    }

    fn next(self) -> Day {
        Day(self.0 + 1)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = i64::from(self.0) + i64::from(DAYS_TO_1970);
        let (era, in_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
        let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year + year / 4 - year / 100);
        let month = (5 * in_year + 2) / 153;
        let day = in_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        write!(f, "{:04}-{:02}-{:02}", year + era * 400 + i64::from(month <= 2), month, day)
    }
}

impl FromStr for Day {
    type Err = Misuse;

    /// An error for anything but an existing day, written `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Day, Misuse> {
        parse(text).map(Day).ok_or(Misuse("a day is written YYYY-MM-DD"))
    }
}

fn parse(text: &str) -> Option<i32> {
    let digits = |from, to| -> Option<i32> {
        let part = text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse().ok()
    };
    if text.len() != 10 || text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 => 28 + i32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if year < 1 || !(1..=12).contains(&month) || !(1..=length).contains(&day) {
        return None;
    }
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - DAYS_TO_1970)
}

// Made from verifiers/fold.

/// First and last code point beyond ASCII, and what each is read as; a `+` says that the character before it rises by one with each
/// code point of the range.
#[rustfmt::skip]
const FOLD_ROWS: &[(u32, u32, &str)] = &[
    // <fold-rows> made by verifiers/fold/make.ts: do not edit
    (0x80, 0xA9, ""), (0xAA, 0xAA, "A"), (0xAB, 0xB1, ""), (0xB2, 0xB3, "2+"), (0xB4, 0xB4, ""),
    (0xB6, 0xB8, ""), (0xB9, 0xB9, "1"), (0xBA, 0xBA, "O"), (0xBB, 0xBB, ""), (0xBC, 0xBC, "14"),
    (0xBD, 0xBD, "12"), (0xBE, 0xBE, "34"), (0xBF, 0xBF, ""), (0xD7, 0xD7, ""),
    (0xDF, 0xDF, "SS"), (0xF7, 0xF7, ""), (0x131, 0x131, "I"), (0x132, 0x133, "IJ"),
    (0x13F, 0x140, "L"), (0x17F, 0x17F, "S"), (0x1C7, 0x1C9, "LJ"), (0x1CA, 0x1CC, "NJ"),
    (0x1F1, 0x1F3, "DZ"), (0x2B0, 0x2B0, "H"), (0x2B2, 0x2B2, "J"), (0x2B3, 0x2B3, "R"),
    (0x2B7, 0x2B7, "W"), (0x2B8, 0x2B8, "Y"), (0x2E1, 0x2E1, "L"), (0x2E2, 0x2E2, "S"),
    (0x2E3, 0x2E3, "X"), (0x34F, 0x34F, ""), (0x58A, 0x58A, ""), (0x5BE, 0x5BE, ""),
    (0x61C, 0x61C, ""), (0x115F, 0x1160, ""), (0x1400, 0x1400, ""), (0x1680, 0x1680, ""),
    (0x17B4, 0x17B5, ""), (0x1806, 0x1806, ""), (0x180B, 0x180F, ""), (0x1D2C, 0x1D2C, "A"),
    (0x1D2E, 0x1D2E, "B"), (0x1D30, 0x1D31, "D+"), (0x1D33, 0x1D3A, "G+"), (0x1D3C, 0x1D3C, "O"),
    (0x1D3E, 0x1D3E, "P"), (0x1D3F, 0x1D3F, "R"), (0x1D40, 0x1D41, "T+"), (0x1D42, 0x1D42, "W"),
    (0x1D43, 0x1D43, "A"), (0x1D47, 0x1D47, "B"), (0x1D48, 0x1D49, "D+"), (0x1D4D, 0x1D4D, "G"),
    (0x1D4F, 0x1D4F, "K"), (0x1D50, 0x1D50, "M"), (0x1D52, 0x1D52, "O"), (0x1D56, 0x1D56, "P"),
    (0x1D57, 0x1D58, "T+"), (0x1D5B, 0x1D5B, "V"), (0x1D62, 0x1D62, "I"), (0x1D63, 0x1D63, "R"),
    (0x1D64, 0x1D65, "U+"), (0x1D9C, 0x1D9C, "C"), (0x1DA0, 0x1DA0, "F"), (0x1DBB, 0x1DBB, "Z"),
    (0x2000, 0x206F, ""), (0x2070, 0x2070, "0"), (0x2071, 0x2071, "I"), (0x2074, 0x2079, "4+"),
    (0x207B, 0x207B, ""), (0x207F, 0x207F, "N"), (0x2080, 0x2089, "0+"), (0x208B, 0x208B, ""),
    (0x2090, 0x2090, "A"), (0x2091, 0x2091, "E"), (0x2092, 0x2092, "O"), (0x2093, 0x2093, "X"),
    (0x2095, 0x2095, "H"), (0x2096, 0x2099, "K+"), (0x209A, 0x209A, "P"), (0x209B, 0x209C, "S+"),
    (0x20A0, 0x20A7, ""), (0x20A8, 0x20A8, "RS"), (0x20A9, 0x20CF, ""), (0x2100, 0x2100, "AC"),
    (0x2101, 0x2101, "AS"), (0x2102, 0x2103, "C"), (0x2105, 0x2105, "CO"), (0x2109, 0x210B, "F+"),
    (0x210C, 0x210E, "H"), (0x2110, 0x2111, "I"), (0x2112, 0x2113, "L"), (0x2115, 0x2115, "N"),
    (0x2116, 0x2116, "NO"), (0x2119, 0x211B, "P+"), (0x211C, 0x211D, "R"), (0x2120, 0x2120, "SM"),
    (0x2121, 0x2121, "TEL"), (0x2122, 0x2122, "TM"), (0x2124, 0x2124, "Z"), (0x2128, 0x2128, "Z"),
    (0x212A, 0x212A, "K"), (0x212C, 0x212D, "B+"), (0x212F, 0x2130, "E"), (0x2131, 0x2131, "F"),
    (0x2133, 0x2133, "M"), (0x2134, 0x2134, "O"), (0x2139, 0x2139, "I"), (0x213B, 0x213B, "FAX"),
    (0x2145, 0x2146, "D"), (0x2147, 0x2147, "E"), (0x2148, 0x2149, "I+"), (0x2150, 0x2150, "17"),
    (0x2151, 0x2151, "19"), (0x2152, 0x2152, "110"), (0x2153, 0x2153, "13"),
    (0x2154, 0x2154, "23"), (0x2155, 0x2155, "15"), (0x2156, 0x2156, "25"),
    (0x2157, 0x2157, "35"), (0x2158, 0x2158, "45"), (0x2159, 0x2159, "16"),
    (0x215A, 0x215A, "56"), (0x215B, 0x215B, "18"), (0x215C, 0x215C, "38"),
    (0x215D, 0x215D, "58"), (0x215E, 0x215E, "78"), (0x215F, 0x215F, "1"), (0x2160, 0x2160, "I"),
    (0x2161, 0x2161, "II"), (0x2162, 0x2162, "III"), (0x2163, 0x2163, "IV"),
    (0x2164, 0x2164, "V"), (0x2165, 0x2165, "VI"), (0x2166, 0x2166, "VII"),
    (0x2167, 0x2167, "VIII"), (0x2168, 0x2168, "IX"), (0x2169, 0x2169, "X"),
    (0x216A, 0x216A, "XI"), (0x216B, 0x216B, "XII"), (0x216C, 0x216C, "L"),
    (0x216D, 0x216E, "C+"), (0x216F, 0x216F, "M"), (0x2170, 0x2170, "I"), (0x2171, 0x2171, "II"),
    (0x2172, 0x2172, "III"), (0x2173, 0x2173, "IV"), (0x2174, 0x2174, "V"),
    (0x2175, 0x2175, "VI"), (0x2176, 0x2176, "VII"), (0x2177, 0x2177, "VIII"),
    (0x2178, 0x2178, "IX"), (0x2179, 0x2179, "X"), (0x217A, 0x217A, "XI"),
    (0x217B, 0x217B, "XII"), (0x217C, 0x217C, "L"), (0x217D, 0x217E, "C+"), (0x217F, 0x217F, "M"),
    (0x2190, 0x245F, ""), (0x2460, 0x2468, "1+"), (0x2469, 0x2472, "10+"), (0x2473, 0x2473, "20"),
    (0x2474, 0x247C, "1+"), (0x247D, 0x2486, "10+"), (0x2487, 0x2487, "20"),
    (0x2488, 0x2490, "1+"), (0x2491, 0x249A, "10+"), (0x249B, 0x249B, "20"),
    (0x249C, 0x24B5, "A+"), (0x24B6, 0x24CF, "A+"), (0x24D0, 0x24E9, "A+"), (0x24EA, 0x24EA, "0"),
    (0x24EB, 0x2BFF, ""), (0x2C7C, 0x2C7C, "J"), (0x2C7D, 0x2C7D, "V"), (0x2E00, 0x2E2E, ""),
    (0x2E30, 0x2E7F, ""), (0x3000, 0x3004, ""), (0x3008, 0x3020, ""), (0x3030, 0x3030, ""),
    (0x3036, 0x3037, ""), (0x303D, 0x303F, ""), (0x30A0, 0x30A0, ""), (0x3164, 0x3164, ""),
    (0x3250, 0x3250, "PTE"), (0x3251, 0x3259, "21+"), (0x325A, 0x325F, "30+"),
    (0x32B1, 0x32B4, "36+"), (0x32B5, 0x32BE, "40+"), (0x32BF, 0x32BF, "50"),
    (0x32CC, 0x32CC, "HG"), (0x32CD, 0x32CD, "ERG"), (0x32CE, 0x32CE, "EV"),
    (0x32CF, 0x32CF, "LTD"), (0x3371, 0x3371, "HPA"), (0x3372, 0x3372, "DA"),
    (0x3374, 0x3374, "BAR"), (0x3375, 0x3375, "OV"), (0x3376, 0x3376, "PC"),
    (0x3377, 0x3377, "DM"), (0x3378, 0x3379, "DM2+"), (0x3380, 0x3380, "PA"),
    (0x3381, 0x3381, "NA"), (0x3383, 0x3383, "MA"), (0x3384, 0x3385, "KA+"),
    (0x3386, 0x3386, "MB"), (0x3387, 0x3387, "GB"), (0x3388, 0x3388, "CAL"),
    (0x3389, 0x3389, "KCAL"), (0x338A, 0x338A, "PF"), (0x338B, 0x338B, "NF"),
    (0x338E, 0x338E, "MG"), (0x338F, 0x338F, "KG"), (0x3390, 0x3390, "HZ"),
    (0x3391, 0x3391, "KHZ"), (0x3392, 0x3392, "MHZ"), (0x3393, 0x3393, "GHZ"),
    (0x3394, 0x3394, "THZ"), (0x3396, 0x3396, "ML"), (0x3397, 0x3397, "DL"),
    (0x3398, 0x3398, "KL"), (0x3399, 0x3399, "FM"), (0x339A, 0x339A, "NM"),
    (0x339C, 0x339C, "MM"), (0x339D, 0x339D, "CM"), (0x339E, 0x339E, "KM"),
    (0x339F, 0x339F, "MM2"), (0x33A0, 0x33A0, "CM2"), (0x33A1, 0x33A1, "M2"),
    (0x33A2, 0x33A2, "KM2"), (0x33A3, 0x33A3, "MM3"), (0x33A4, 0x33A4, "CM3"),
    (0x33A5, 0x33A5, "M3"), (0x33A6, 0x33A6, "KM3"), (0x33A7, 0x33A7, "MS"),
    (0x33A8, 0x33A8, "MS2"), (0x33A9, 0x33A9, "PA"), (0x33AA, 0x33AA, "KPA"),
    (0x33AB, 0x33AB, "MPA"), (0x33AC, 0x33AC, "GPA"), (0x33AD, 0x33AD, "RAD"),
    (0x33AE, 0x33AE, "RADS"), (0x33AF, 0x33AF, "RADS2"), (0x33B0, 0x33B0, "PS"),
    (0x33B1, 0x33B1, "NS"), (0x33B3, 0x33B3, "MS"), (0x33B4, 0x33B4, "PV"),
    (0x33B5, 0x33B5, "NV"), (0x33B7, 0x33B7, "MV"), (0x33B8, 0x33B8, "KV"),
    (0x33B9, 0x33B9, "MV"), (0x33BA, 0x33BA, "PW"), (0x33BB, 0x33BB, "NW"),
    (0x33BD, 0x33BD, "MW"), (0x33BE, 0x33BE, "KW"), (0x33BF, 0x33BF, "MW"),
    (0x33C2, 0x33C2, "AM"), (0x33C3, 0x33C3, "BQ"), (0x33C4, 0x33C5, "CC+"),
    (0x33C6, 0x33C6, "CKG"), (0x33C7, 0x33C7, "CO"), (0x33C8, 0x33C8, "DB"),
    (0x33C9, 0x33C9, "GY"), (0x33CA, 0x33CA, "HA"), (0x33CB, 0x33CB, "HP"),
    (0x33CC, 0x33CC, "IN"), (0x33CD, 0x33CD, "KK"), (0x33CE, 0x33CE, "KM"),
    (0x33CF, 0x33CF, "KT"), (0x33D0, 0x33D1, "LM+"), (0x33D2, 0x33D2, "LOG"),
    (0x33D3, 0x33D3, "LX"), (0x33D4, 0x33D4, "MB"), (0x33D5, 0x33D5, "MIL"),
    (0x33D6, 0x33D6, "MOL"), (0x33D7, 0x33D7, "PH"), (0x33D8, 0x33D8, "PM"),
    (0x33D9, 0x33D9, "PPM"), (0x33DA, 0x33DA, "PR"), (0x33DB, 0x33DB, "SR"),
    (0x33DC, 0x33DC, "SV"), (0x33DD, 0x33DD, "WB"), (0x33DE, 0x33DE, "VM"),
    (0x33DF, 0x33DF, "AM"), (0x33FF, 0x33FF, "GAL"), (0xA7F1, 0xA7F1, "S"), (0xA7F2, 0xA7F2, "C"),
    (0xA7F3, 0xA7F3, "F"), (0xA7F4, 0xA7F4, "Q"), (0xFB00, 0xFB00, "FF"), (0xFB01, 0xFB01, "FI"),
    (0xFB02, 0xFB02, "FL"), (0xFB03, 0xFB03, "FFI"), (0xFB04, 0xFB04, "FFL"),
    (0xFB05, 0xFB06, "ST"), (0xFE00, 0xFE1F, ""), (0xFE30, 0xFE6F, ""), (0xFEFF, 0xFEFF, ""),
    (0xFF01, 0xFF0F, ""), (0xFF10, 0xFF19, "0+"), (0xFF1A, 0xFF20, ""), (0xFF21, 0xFF3A, "A+"),
    (0xFF3B, 0xFF40, ""), (0xFF41, 0xFF5A, "A+"), (0xFF5B, 0xFF65, ""), (0xFFA0, 0xFFA0, ""),
    (0xFFE0, 0xFFFD, ""), (0x107A5, 0x107A5, "Q"), (0x10D6E, 0x10D6E, ""), (0x10EAD, 0x10EAD, ""),
    (0x1BCA0, 0x1BCA3, ""), (0x1CCD6, 0x1CCEF, "A+"), (0x1CCF0, 0x1CCF9, "0+"),
    (0x1D173, 0x1D17A, ""), (0x1D400, 0x1D419, "A+"), (0x1D41A, 0x1D433, "A+"),
    (0x1D434, 0x1D44D, "A+"), (0x1D44E, 0x1D454, "A+"), (0x1D456, 0x1D467, "I+"),
    (0x1D468, 0x1D481, "A+"), (0x1D482, 0x1D49B, "A+"), (0x1D49C, 0x1D49C, "A"),
    (0x1D49E, 0x1D49F, "C+"), (0x1D4A2, 0x1D4A2, "G"), (0x1D4A5, 0x1D4A6, "J+"),
    (0x1D4A9, 0x1D4AC, "N+"), (0x1D4AE, 0x1D4B5, "S+"), (0x1D4B6, 0x1D4B9, "A+"),
    (0x1D4BB, 0x1D4BB, "F"), (0x1D4BD, 0x1D4C3, "H+"), (0x1D4C5, 0x1D4CF, "P+"),
    (0x1D4D0, 0x1D4E9, "A+"), (0x1D4EA, 0x1D503, "A+"), (0x1D504, 0x1D505, "A+"),
    (0x1D507, 0x1D50A, "D+"), (0x1D50D, 0x1D514, "J+"), (0x1D516, 0x1D51C, "S+"),
    (0x1D51E, 0x1D537, "A+"), (0x1D538, 0x1D539, "A+"), (0x1D53B, 0x1D53E, "D+"),
    (0x1D540, 0x1D544, "I+"), (0x1D546, 0x1D546, "O"), (0x1D54A, 0x1D550, "S+"),
    (0x1D552, 0x1D56B, "A+"), (0x1D56C, 0x1D585, "A+"), (0x1D586, 0x1D59F, "A+"),
    (0x1D5A0, 0x1D5B9, "A+"), (0x1D5BA, 0x1D5D3, "A+"), (0x1D5D4, 0x1D5ED, "A+"),
    (0x1D5EE, 0x1D607, "A+"), (0x1D608, 0x1D621, "A+"), (0x1D622, 0x1D63B, "A+"),
    (0x1D63C, 0x1D655, "A+"), (0x1D656, 0x1D66F, "A+"), (0x1D670, 0x1D689, "A+"),
    (0x1D68A, 0x1D6A3, "A+"), (0x1D6A4, 0x1D6A4, "I"), (0x1D7CE, 0x1D7D7, "0+"),
    (0x1D7D8, 0x1D7E1, "0+"), (0x1D7E2, 0x1D7EB, "0+"), (0x1D7EC, 0x1D7F5, "0+"),
    (0x1D7F6, 0x1D7FF, "0+"), (0x1F000, 0x1F0FF, ""), (0x1F100, 0x1F101, "0"),
    (0x1F102, 0x1F10A, "1+"), (0x1F10B, 0x1F10F, ""), (0x1F110, 0x1F129, "A+"),
    (0x1F12A, 0x1F12A, "S"), (0x1F12B, 0x1F12B, "C"), (0x1F12C, 0x1F12C, "R"),
    (0x1F12D, 0x1F12D, "CD"), (0x1F12E, 0x1F12E, "WZ"), (0x1F12F, 0x1F12F, ""),
    (0x1F130, 0x1F149, "A+"), (0x1F14A, 0x1F14A, "HV"), (0x1F14B, 0x1F14B, "MV"),
    (0x1F14C, 0x1F14C, "SD"), (0x1F14D, 0x1F14D, "SS"), (0x1F14E, 0x1F14E, "PPV"),
    (0x1F14F, 0x1F14F, "WC"), (0x1F150, 0x1F169, ""), (0x1F16A, 0x1F16B, "MC+"),
    (0x1F16C, 0x1F16C, "MR"), (0x1F16D, 0x1F18F, ""), (0x1F190, 0x1F190, "DJ"),
    (0x1F191, 0x1FAFF, ""), (0x1FBF0, 0x1FBF9, "0+"), (0xE0000, 0xE0FFF, ""),
    // </fold-rows>
];
