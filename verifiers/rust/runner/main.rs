//! Holds the verifier against the vectors, answers cases, and measures: see verifiers/README.md for the commands.

mod json;

use ed25519_dalek::{Digest, Sha512, Signature, Signer, SigningKey, VerifyingKey};
use json::Json;
use mintmark_verify::{Day, Key, License, Mode, Reader, StrictKey, Verdict};
use std::error::Error;
use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Reads, and then checks, of one turn of the bench.
const TURN: u32 = 200;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Cases judged, and a line for each failure.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    fn tell(&mut self, right: bool, name: &str, why: &str) {
        if right {
            self.passed += 1;
        } else {
            self.failed += 1;
            println!("{}: {}", name, why);
        }
    }

    fn end(&self) -> ExitCode {
        println!("{} passed, {} failed", self.passed, self.failed);
        ExitCode::from(u8::from(self.failed > 0))
    }
}

fn main() -> Outcome<ExitCode> {
    let args: Vec<String> = std::env::args().collect();
    let (command, file) = match &args[1..] {
        [command, file, ..] => (command.as_str(), std::fs::read_to_string(file)?),
        _ => return Err("usage: vectors|wycheproof|speccheck|read|bench FILE [SECONDS]".into()),
    };
    let file = json::parse(&file).ok_or("the file is no JSON")?;
    match command {
        "vectors" => run_vectors(&file),
        "wycheproof" => Ok(run_wycheproof(&file)),
        "speccheck" => Ok(run_speccheck(&file)),
        "read" => answer_cases(&file),
        "bench" => bench(&file, args.get(3).map_or(Ok(1.0), |seconds| seconds.parse())?),
        _ => Err("no such command".into()),
    }
}

fn keyring(vectors: &Json) -> Vec<Key<'_>> {
    let entries = vectors.get("keyring").list().iter();
    entries
        .map(|entry| Key {
            id: entry.get("id").number() as u8,
            mode: if text(entry, "mode") == "test" { Mode::Test } else { Mode::Live },
            public_key: text(entry, "publicKey"),
        })
        .collect()
}

fn text<'a>(object: &'a Json, name: &str) -> &'a str {
    object.get(name).text().unwrap_or("")
}

/// The verdict on a case, by a reader made for it.
fn read_case(vectors: &Json, case: &Json) -> Outcome<Verdict> {
    let revoked: Vec<String> = case.get("revoked").list().iter().filter_map(Json::text).map(String::from).collect();
    let reader = Reader::new(text(case, "product"), &keyring(vectors))?
        .today(text(case, "today").parse()?)
        .allow_test(case.get("allowTest").is_true())
        .revoked(move |id| revoked.contains(&id.to_string()));
    let reader = match case.get("buildDate").text() {
        Some(day) => reader.build_date(day.parse()?),
        None => reader,
    };
    Ok(reader.read(text(case, "input")))
}

fn run_vectors(vectors: &Json) -> Outcome<ExitCode> {
    let mut tally = Tally::default();
    for case in vectors.get("mint").list() {
        let (license, code) = (case.get("license"), text(case, "code"));
        let reader = Reader::new(text(license, "product"), &keyring(vectors))?
            .today(text(license, "issued").parse()?)
            .allow_test(true);
        let verdict = reader.read(code);
        let minted = mint(vectors, license)?;
        if !verdict.license().map_or(false, |read| is_license(license, read)) {
            tally.tell(false, text(case, "name"), &format!("{}, or another license is read", verdict.code()));
        } else {
            tally.tell(minted == code, text(case, "name"), "another code is minted");
        }
    }
    for case in vectors.get("read").list() {
        let read = read_case(vectors, case)?.code();
        tally.tell(read == text(case, "verdict"), text(case, "name"), read);
    }
    Ok(tally.end())
}

fn is_license(license: &Json, read: &License) -> bool {
    let is_day = |name, day: Option<Day>| day.map(|day| day.to_string()).as_deref() == license.get(name).text();
    read.id.to_string() == text(license, "licenseId")
        && u32::from(read.revision) == license.get("revision").number()
        && is_day("issued", Some(read.issued))
        && is_day("lastValid", read.last_valid)
        && is_day("updatesUntil", read.updates_until)
        && u32::from(read.seats) == license.get("seats").number()
        && read.features == license.get("features").number()
        && read.test == license.get("test").is_true()
        && read.trial == license.get("trial").is_true()
        && u32::from(read.key_id) == license.get("keyId").number()
}

/// The code of a license, made of the case's fields alone and signed with the seed of its key.
fn mint(vectors: &Json, license: &Json) -> Outcome<String> {
    let product = text(license, "product").as_bytes();
    let two = |name: &str| (license.get(name).number() as u16).to_be_bytes();
    let day = |name: &str| -> Outcome<[u8; 2]> {
        let day: Option<Day> = license.get(name).text().map(str::parse).transpose()?;
        Ok((day.map_or(0, Day::number) as u16).to_be_bytes())
    };
    let flags = u8::from(license.get("test").is_true()) | u8::from(license.get("trial").is_true()) << 1;
    let key_id = license.get("keyId").number();
    let mut bytes = vec![0x10 | flags, key_id as u8];
    bytes.extend(&Sha512::digest(product)[..3]);
    bytes.extend(from_hex(&text(license, "licenseId").replace('-', "")));
    for field in [two("revision"), day("issued")?, day("lastValid")?, day("updatesUntil")?, two("seats")] {
        bytes.extend(field);
    }
    bytes.extend(&license.get("features").number().to_be_bytes()[1..]);
    let entry = vectors.get("keyring").list().iter().find(|entry| entry.get("id").number() == key_id);
    let seed = from_hex(text(entry.ok_or("no such key")?, "seed"));
    let seed = <[u8; 32]>::try_from(seed).map_err(|_| "a seed has 32 bytes")?;
    bytes.extend(SigningKey::from_bytes(&seed).sign(&message(product, &bytes)).to_bytes());
    let crc = bytes.iter().fold(0xFFFF_u16, |crc, byte| {
        (0..8).rev().fold(crc, |crc, bit| {
            let out = (crc >> 15) ^ u16::from(byte >> bit & 1);
            (crc << 1) ^ (out * 0x1021)
        })
    });
    bytes.extend(crc.to_be_bytes());
    let bit = |i: usize| usize::from(bytes[i / 8] >> (7 - i % 8) & 1);
    let value = |at: usize| (0..5).fold(0, |value, i| value << 1 | bit(5 * at + i));
    Ok((0..160).map(|at| char::from(ALPHABET[value(at)])).collect())
}

/// What is signed of a record.
fn message(product: &[u8], record: &[u8]) -> Vec<u8> {
    [b"mintmark license v1\0", &[product.len() as u8][..], product, &record[..34]].concat()
}

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).filter_map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()).collect()
}

/// Whether the verifier's strict check takes these, all in hex.
fn accepts(message: &str, signature: &str, public_key: &str) -> bool {
    let key = <[u8; 32]>::try_from(from_hex(public_key)).ok().and_then(|bytes| StrictKey::new(&bytes));
    key.map_or(false, |key| key.verifies(&from_hex(message), &from_hex(signature)))
}

fn run_wycheproof(file: &Json) -> ExitCode {
    let mut tally = Tally::default();
    for group in file.get("testGroups").list() {
        for case in group.get("tests").list() {
            let accepted = accepts(text(case, "msg"), text(case, "sig"), text(group.get("publicKey"), "pk"));
            let right = accepted == (text(case, "result") == "valid");
            tally.tell(right, &format!("case {}", case.get("tcId").number()), "judged otherwise");
        }
    }
    tally.end()
}

/// Of these libsodium accepts the one whose key and R are of mixed order, and all else in order.
fn run_speccheck(file: &Json) -> ExitCode {
    let mut tally = Tally::default();
    for (i, case) in file.list().iter().enumerate() {
        let accepted = accepts(text(case, "message"), text(case, "signature"), text(case, "pub_key"));
        tally.tell(accepted == (i == 3), &format!("case {}", i), "judged otherwise");
    }
    tally.end()
}

fn answer_cases(vectors: &Json) -> Outcome<ExitCode> {
    let mut answers = BufWriter::new(std::io::stdout());
    for line in std::io::stdin().lock().lines() {
        let case = json::parse(&line?).ok_or("a line of the input is no JSON")?;
        let verdict = read_case(vectors, &case)?;
        let more = match verdict {
            Verdict::BadCharacter { position } => format!(r#","position":{}"#, position),
            Verdict::TooShort { count } | Verdict::TooLong { count } => format!(r#","count":{}"#, count),
            _ => String::new(),
        };
        writeln!(answers, r#"{{"verdict":"{}"{}}}"#, verdict.code(), more)?;
    }
    answers.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Whole reads of the first code, and bare checks of its signature, in turns: so noise meets both alike.
fn bench(vectors: &Json, seconds: f64) -> Outcome<ExitCode> {
    let first = vectors.get("mint").list().first().ok_or("no code")?;
    let (license, code) = (first.get("license"), text(first, "code"));
    let ring = keyring(vectors);
    let reader = Reader::new(text(license, "product"), &ring)?.today(text(license, "issued").parse()?);
    let bytes = bytes_of(code);
    let signed = message(text(license, "product").as_bytes(), &bytes);
    let entry = ring.iter().find(|entry| entry.id == bytes[1]).ok_or("no such key")?;
    let public_key = <[u8; 32]>::try_from(from_hex(entry.public_key)).map_err(|_| "a key has 32 bytes")?;
    let key = VerifyingKey::from_bytes(&public_key).map_err(|_| "no key")?;
    let signature = Signature::from_bytes(&<[u8; 64]>::try_from(&bytes[34..98])?);
    let (mut reading, mut checking, mut count, mut right) = (Duration::ZERO, Duration::ZERO, 0.0, true);
    while (reading + checking).as_secs_f64() < seconds {
        let start = Instant::now();
        right &= (0..TURN).all(|_| matches!(reader.read(code), Verdict::Valid(_)));
        let middle = Instant::now();
        right &= (0..TURN).all(|_| key.verify_strict(&signed, &signature).is_ok());
        reading += middle - start;
        checking += middle.elapsed();
        count += f64::from(TURN);
    }
    let (reads, checks) = (count / reading.as_secs_f64(), count / checking.as_secs_f64());
    println!(r#"{{"reads":{:.0},"checks":{:.0}}}"#, reads, checks);
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn bytes_of(code: &str) -> Vec<u8> {
    let value = |at: usize| ALPHABET.iter().position(|letter| *letter == code.as_bytes()[at]).unwrap_or(0);
    let bit = |i: usize| (value(i / 5) >> (4 - i % 5) & 1) as u8;
    (0..100).map(|at| (0..8).fold(0, |byte, i| byte << 1 | bit(8 * at + i))).collect()
}
