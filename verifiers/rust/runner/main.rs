//! Holds the verifier against the vectors, answers cases, and measures: see verifiers/README.md for the commands.

use ed25519_dalek::{Digest, Sha512, Signature, Signer, SigningKey, VerifyingKey};
use mintmark_verify::{Day, Key, License, Mode, Reader, StrictKey, Verdict};
use serde_json::{json, Map, Value};
use std::error::Error;
use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Reads, and then checks, of one turn of the bench.
const TURN: u32 = 40;

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
    let file = serde_json::from_str(&file)?;
    match command {
        "vectors" => run_vectors(&file),
        "wycheproof" => Ok(run_wycheproof(&file)),
        "speccheck" => Ok(run_speccheck(&file)),
        "read" => answer_cases(&file),
        "bench" => bench(&file, args.get(3).map_or(Ok(1.0), |seconds| seconds.parse())?),
        _ => Err("no such command".into()),
    }
}

fn keyring(vectors: &Value) -> Vec<Key<'_>> {
    let entries = list(vectors, "keyring").iter();
    entries
        .map(|entry| Key {
            id: number(entry, "id") as u8,
            mode: if text(entry, "mode") == "test" { Mode::Test } else { Mode::Live },
            public_key: text(entry, "publicKey"),
        })
        .collect()
}

fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or("")
}

fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().map_or(&[], Vec::as_slice)
}

fn texts<'a>(object: &'a Value, name: &str) -> Vec<&'a str> {
    list(object, name).iter().filter_map(Value::as_str).collect()
}

fn number(object: &Value, name: &str) -> u32 {
    object[name].as_u64().map_or(0, |number| number as u32)
}

fn is_true(object: &Value, name: &str) -> bool {
    object[name] == Value::Bool(true)
}

/// The verdict on a case, by a reader made for it.
fn read_case(vectors: &Value, case: &Value) -> Outcome<Verdict> {
    let revoked: Vec<String> = texts(case, "revoked").into_iter().map(String::from).collect();
    let reader = Reader::new(text(case, "product"), &keyring(vectors))?
        .today(text(case, "today").parse()?)
        .latest_day(text(case, "latestDay").parse().ok())
        .allow_test(is_true(case, "allowTest"))
        .features(&texts(case, "features"))?
        .revoked(move |id| revoked.contains(&id.to_string()));
    let reader = match case["buildDate"].as_str() {
        Some(day) => reader.build_date(day.parse()?),
        None => reader,
    };
    Ok(reader.read(text(case, "input")))
}

/// All that a verdict carries.
fn answer(case: &Value, verdict: &Verdict) -> Map<String, Value> {
    let mut answer = Map::new();
    let mut tell = |name: &str, value: Value| answer.insert(name.into(), value);
    tell("verdict", json!(verdict.word()));
    let group = match verdict {
        Verdict::BadCharacter { character, position, group } => {
            tell("character", json!(character));
            tell("position", json!(position));
            group
        }
        Verdict::TooShort { count, group } => {
            tell("count", json!(count));
            group
        }
        Verdict::Mistyped { group } => group,
        _ => &None,
    };
    if let Some(group) = group {
        tell("group", json!(group));
    }
    match verdict {
        Verdict::TooLong { count } => drop(tell("count", json!(count))),
        Verdict::NoCode { seen } => drop(tell("seen", json!(seen.word()))),
        Verdict::Several { choices } => drop(tell("choices", choices.iter().map(choice).collect())),
        _ => {}
    }
    if let Some(licensed) = verdict.licensed() {
        tell("code", json!(licensed.code));
        tell("keep", json!(licensed.keep.to_string()));
        if let Some(slip) = &licensed.repaired {
            let told = json!({"kind": slip.kind.word(), "position": slip.position, "was": slip.was, "is": slip.is});
            tell("repaired", told);
        }
    }
    if case["features"].is_array() {
        let names = texts(case, "features").into_iter().filter(|name| verdict.has(name));
        tell("has", names.collect());
    }
    answer
}

fn choice(verdict: &Verdict) -> Value {
    json!({"verdict": verdict.word(), "code": verdict.licensed().map(|licensed| &licensed.code)})
}

/// What a case of the vectors wants told: null is what is not told.
fn is_wanted(case: &Value, answer: &Map<String, Value>) -> bool {
    const TOLD: [&str; 11] =
        ["verdict", "code", "repaired", "keep", "choices", "character", "position", "count", "group", "seen", "has"];
    let wanted = TOLD.iter().filter_map(|name| Some((*name, case.get(*name)?)));
    wanted.into_iter().all(|(name, value)| answer.get(name).unwrap_or(&Value::Null) == value)
}

fn run_vectors(vectors: &Value) -> Outcome<ExitCode> {
    let mut tally = Tally::default();
    for case in list(vectors, "mint") {
        let (license, code) = (&case["license"], text(case, "code"));
        let reader = Reader::new(text(license, "product"), &keyring(vectors))?
            .today(text(license, "issued").parse()?)
            .allow_test(true);
        let verdict = reader.read(code);
        let minted = mint(vectors, license)?;
        if !verdict.licensed().is_some_and(|read| is_license(license, &read.license)) {
            tally.tell(false, text(case, "name"), &format!("{}, or another license is read", verdict.word()));
        } else {
            tally.tell(minted == code, text(case, "name"), "another code is minted");
        }
    }
    for case in list(vectors, "read") {
        let answer = answer(case, &read_case(vectors, case)?);
        tally.tell(is_wanted(case, &answer), text(case, "name"), &json!(answer).to_string());
    }
    Ok(tally.end())
}

fn is_license(license: &Value, read: &License) -> bool {
    let is_day = |name, day: Option<Day>| day.map(|day| day.to_string()).as_deref() == license[name].as_str();
    read.id.to_string() == text(license, "licenseId")
        && u32::from(read.revision) == number(license, "revision")
        && is_day("issued", Some(read.issued))
        && is_day("lastValid", read.last_valid)
        && is_day("updatesUntil", read.updates_until)
        && u32::from(read.seats) == number(license, "seats")
        && read.features == number(license, "features")
        && read.test == is_true(license, "test")
        && read.trial == is_true(license, "trial")
        && u32::from(read.key_id) == number(license, "keyId")
}

/// The code of a license, made of the case's fields alone and signed with the seed of its key.
fn mint(vectors: &Value, license: &Value) -> Outcome<String> {
    let product = text(license, "product").as_bytes();
    let two = |name: &str| (number(license, name) as u16).to_be_bytes();
    let day = |name: &str| -> Outcome<[u8; 2]> {
        let day: Option<Day> = license[name].as_str().map(str::parse).transpose()?;
        Ok((day.map_or(0, Day::number) as u16).to_be_bytes())
    };
    let flags = u8::from(is_true(license, "test")) | u8::from(is_true(license, "trial")) << 1;
    let key_id = number(license, "keyId");
    let mut bytes = vec![0x10 | flags, key_id as u8];
    bytes.extend(&Sha512::digest(product)[..3]);
    bytes.extend(from_hex(&text(license, "licenseId").replace('-', "")));
    for field in [two("revision"), day("issued")?, day("lastValid")?, day("updatesUntil")?, two("seats")] {
        bytes.extend(field);
    }
    bytes.extend(&number(license, "features").to_be_bytes()[1..]);
    let entry = list(vectors, "keyring").iter().find(|entry| number(entry, "id") == key_id);
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
    key.is_some_and(|key| key.verifies(&from_hex(message), &from_hex(signature)))
}

fn run_wycheproof(file: &Value) -> ExitCode {
    let mut tally = Tally::default();
    for group in list(file, "testGroups") {
        for case in list(group, "tests") {
            let accepted = accepts(text(case, "msg"), text(case, "sig"), text(&group["publicKey"], "pk"));
            let right = accepted == (text(case, "result") == "valid");
            tally.tell(right, &format!("case {}", number(case, "tcId")), "judged otherwise");
        }
    }
    tally.end()
}

/// Of these libsodium accepts the one whose key and R are of mixed order, and all else in order.
fn run_speccheck(file: &Value) -> ExitCode {
    let mut tally = Tally::default();
    for (i, case) in file.as_array().into_iter().flatten().enumerate() {
        let accepted = accepts(text(case, "message"), text(case, "signature"), text(case, "pub_key"));
        tally.tell(accepted == (i == 3), &format!("case {}", i), "judged otherwise");
    }
    tally.end()
}

fn answer_cases(vectors: &Value) -> Outcome<ExitCode> {
    let mut answers = BufWriter::new(std::io::stdout());
    for line in std::io::stdin().lock().lines() {
        let case = serde_json::from_str(&line?)?;
        writeln!(answers, "{}", json!(answer(&case, &read_case(vectors, &case)?)))?;
    }
    answers.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Whole reads of the first code, and bare checks of its signature, in turns: the fastest of each.
fn bench(vectors: &Value, seconds: f64) -> Outcome<ExitCode> {
    let first = list(vectors, "mint").first().ok_or("no code")?;
    let (license, code) = (&first["license"], text(first, "code"));
    let ring = keyring(vectors);
    let reader = Reader::new(text(license, "product"), &ring)?.today(text(license, "issued").parse()?);
    let bytes = bytes_of(code);
    let signed = message(text(license, "product").as_bytes(), &bytes);
    let entry = ring.iter().find(|entry| entry.id == bytes[1]).ok_or("no such key")?;
    let public_key = <[u8; 32]>::try_from(from_hex(entry.public_key)).map_err(|_| "a key has 32 bytes")?;
    let key = VerifyingKey::from_bytes(&public_key).map_err(|_| "no key")?;
    let signature = Signature::from_bytes(&<[u8; 64]>::try_from(&bytes[34..98])?);
    let (mut reading, mut checking, mut right) = (Duration::MAX, Duration::MAX, true);
    let begun = Instant::now();
    while begun.elapsed().as_secs_f64() < seconds {
        let start = Instant::now();
        right &= (0..TURN).all(|_| matches!(reader.read(code), Verdict::Valid(_)));
        let middle = Instant::now();
        right &= (0..TURN).all(|_| key.verify_strict(&signed, &signature).is_ok());
        reading = reading.min(middle - start);
        checking = checking.min(middle.elapsed());
    }
    let rate = |turn: Duration| f64::from(TURN) / turn.as_secs_f64();
    let (reads, checks) = (rate(reading), rate(checking));
    println!(r#"{{"reads":{:.0},"checks":{:.0}}}"#, reads, checks);
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn bytes_of(code: &str) -> Vec<u8> {
    let value = |at: usize| ALPHABET.iter().position(|letter| *letter == code.as_bytes()[at]).unwrap_or(0);
    let bit = |i: usize| (value(i / 5) >> (4 - i % 5) & 1) as u8;
    (0..100).map(|at| (0..8).fold(0, |byte, i| byte << 1 | bit(8 * at + i))).collect()
}
