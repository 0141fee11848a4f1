//! Verifies Mintmark license codes offline (docs/license-code.md), with ed25519-dalek and nothing else.
//!
//! ```no_run
//! use mintmark_verify::{Key, Mode, Reader, Verdict};
//!
//! const KEYRING: [Key; 1] = [Key {
//!     id: 1,
//!     mode: Mode::Live,
//!     public_key: "7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb",
//! }];
//!
//! let reader = Reader::new("acme-editor", &KEYRING)?.build_date("2026-11-21".parse()?);
//! match reader.read("what was pasted") {
//!     Verdict::Valid(license) => println!("licensed, {} seats", license.seats),
//!     verdict => println!("{}: {}", verdict.code(), verdict),
//! }
//! # Ok::<(), mintmark_verify::Misuse>(())
//! ```
#![forbid(unsafe_code)]

mod clean;
mod day;
mod fold;
mod strict;
mod verdict;

use clean::{clean, CODE_LENGTH};
pub use day::Day;
pub use strict::StrictKey;
pub use verdict::{License, LicenseId, Misuse, Verdict};

/// How far a computer's clock may be behind that of the seller's server, in days.
const CLOCK_SKEW: i32 = 2;
const CONTEXT: &[u8; 20] = b"mintmark license v1\0";
const RECORD: usize = 34;
const CHECK: usize = 98;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Live,
    Test,
}

/// An entry of keyring.json.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// 1 to 255.
    pub id: u8,
    pub mode: Mode,
    /// 32 bytes in hex.
    pub public_key: &'a str,
}

/// Reads the codes of one product.
pub struct Reader {
    /// What is signed before the record.
    prefix: Vec<u8>,
    tag: [u8; 3],
    keys: Vec<Option<(Mode, StrictKey)>>,
    today: Option<Day>,
    build_date: Option<Day>,
    allow_test: bool,
    revoked: Box<dyn Fn(&LicenseId) -> bool + Send + Sync>,
}

impl Reader {
    /// An error that names what makes no sense: a product id of other than 1 to 64 bytes, no key, an id or a key twice,
    /// a key that anyone can sign for.
    pub fn new(product: &str, keyring: &[Key]) -> Result<Reader, Misuse> {
        let length = u8::try_from(product.len()).ok().filter(|length| (1..=64).contains(length));
        let length = length.ok_or(Misuse("product: must be the product id, 1 to 64 bytes of UTF-8"))?;
        let prefix = [CONTEXT, &[length][..], product.as_bytes()].concat();
        Ok(Reader {
            prefix,
            tag: strict::product_tag(product),
            keys: take_keys(keyring)?,
            today: None,
            build_date: None,
            allow_test: false,
            revoked: Box::new(|_| false),
        })
    }

    /// The day to judge by; the UTC day that the computer shows at each reading, if not given.
    pub fn today(self, today: Day) -> Reader {
        Reader { today: Some(today), ..self }
    }

    /// The day that the program was built on, for licenses whose updates end; not looked at, if not given.
    pub fn build_date(self, build_date: Day) -> Reader {
        Reader { build_date: Some(build_date), ..self }
    }

    /// Whether test codes are accepted too.
    pub fn allow_test(self, allow_test: bool) -> Reader {
        Reader { allow_test, ..self }
    }

    /// Which licenses were withdrawn.
    pub fn revoked(self, revoked: impl Fn(&LicenseId) -> bool + Send + Sync + 'static) -> Reader {
        Reader { revoked: Box::new(revoked), ..self }
    }

    /// The first verdict that applies to what was pasted. No text makes it panic.
    pub fn read(&self, text: &str) -> Verdict {
        let cleaned = clean(text);
        match (cleaned.bad, cleaned.count) {
            (0, 0) => Verdict::Empty,
            (0, CODE_LENGTH) => self.judge(&unarmor(&cleaned.values[..CODE_LENGTH])),
            (0, count) if count < CODE_LENGTH => Verdict::TooShort { count },
            (0, count) => Verdict::TooLong { count },
            (position, _) => Verdict::BadCharacter { position },
        }
    }

    fn judge(&self, bytes: &[u8; 100]) -> Verdict {
        if crc16(&bytes[..CHECK]) != two(bytes, CHECK) {
            return Verdict::Mistyped;
        }
        if bytes[0] >> 4 != 1 || bytes[0] & 0b1100 != 0 {
            return Verdict::UnsupportedVersion;
        }
        if bytes[2..5] != self.tag {
            return Verdict::WrongProduct;
        }
        let (mode, key) = match &self.keys[usize::from(bytes[1])] {
            Some(entry) => entry,
            None => return Verdict::UnknownKey,
        };
        let mut message = [0; CONTEXT.len() + 1 + 64 + RECORD];
        let length = self.prefix.len() + RECORD;
        message[..self.prefix.len()].copy_from_slice(&self.prefix);
        message[self.prefix.len()..length].copy_from_slice(&bytes[..RECORD]);
        let license = read_license(bytes);
        if license.test != (*mode == Mode::Test) || !key.verifies(&message[..length], &bytes[RECORD..CHECK]) {
            return Verdict::Forged;
        }
        self.judge_license(license)
    }

    fn judge_license(&self, license: License) -> Verdict {
        if license.test && !self.allow_test {
            return Verdict::TestCode(license);
        }
        let today = self.today.unwrap_or_else(Day::today);
        if license.issued.number() - today.number() > CLOCK_SKEW {
            return Verdict::NotYetValid(license);
        }
        if (self.revoked)(&license.id) {
            return Verdict::Revoked(license);
        }
        match (license.last_valid, license.updates_until, self.build_date) {
            (Some(last_valid), _, _) if last_valid < today => Verdict::Expired { license, last_valid },
            (_, Some(updates_until), Some(built)) if updates_until < built => {
                Verdict::UpdatesEnded { license, updates_until }
            }
            _ => Verdict::Valid(license),
        }
    }
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

/// The 100 bytes of 160 values of five bits.
fn unarmor(values: &[u8]) -> [u8; 100] {
    let mut bytes = [0; 100];
    for (five, eight) in bytes.chunks_mut(5).zip(values.chunks(8)) {
        let bits = eight.iter().fold(0u64, |bits, value| bits << 5 | u64::from(*value));
        five.copy_from_slice(&bits.to_be_bytes()[3..]);
    }
    bytes
}

/// CRC-16/CCITT-FALSE, a byte at a time: x is the byte's share of the polynomial 0x1021 without a table.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc: u16, byte| {
        let x = (crc >> 8) ^ u16::from(*byte);
        let x = x ^ (x >> 4);
        (crc << 8) ^ (x << 12) ^ (x << 5) ^ x
    })
}

fn two(bytes: &[u8; 100], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn read_license(bytes: &[u8; 100]) -> License {
    let mut id = [0; 16];
    id.copy_from_slice(&bytes[5..21]);
    let day_or_none = |at| Some(two(bytes, at)).filter(|number| *number != 0).map(Day::from_number);
    License {
        id: LicenseId(id),
        revision: two(bytes, 21),
        issued: Day::from_number(two(bytes, 23)),
        last_valid: day_or_none(25),
        updates_until: day_or_none(27),
        seats: two(bytes, 29),
        features: u32::from_be_bytes([0, bytes[31], bytes[32], bytes[33]]),
        test: bytes[0] & 0b01 != 0,
        trial: bytes[0] & 0b10 != 0,
        key_id: bytes[1],
    }
}
