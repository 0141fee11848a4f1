using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

// Verifies Mintmark license codes, version 1, offline. Add the package Mintmark.Verify, or copy this one file into your
// program and add the package BouncyCastle.Cryptography: .NET has no Ed25519 of its own.
//
//     var keys = new[] { new Key(1, "live", "7e7dea50120b...94fb") };           // of your keyring.json
//     var features = new[] { "export", "print" };                                // of your product's file
//     var reader = new LicenseReader(new ReaderOptions { Product = "acme-editor", Keyring = keys, Features = features });
//     Verdict verdict = reader.Read(pasted);
//     if (verdict.Kind == Kind.Valid) Unlock(verdict.Has("export"), verdict.Code); else Tell(verdict.Explain());
//
// Read takes whatever a customer pastes: a whole mail, a link, a code in groups or with one slip, which is undone where the
// signature proves it (Verdict.Repaired). No text makes it throw, and a text of any length takes milliseconds. A program
// that keeps Verdict.Keep and gives it to the next reading as LatestDay is not fooled by a clock set back.
//
// The steps are those of docs/license-code.md, "Reading"; all languages answer alike. Long, so that there is one file to copy.
namespace Mintmark
{
    /// <summary>An entry of keyring.json: id 1 to 255, mode live or test, the public key as 64 hex digits.</summary>
    public sealed class Key
    {
        public readonly int Id;
        public readonly string Mode, PublicKey;

        public Key(int id, string mode, string publicKey)
        {
            Id = id;
            Mode = mode;
            PublicKey = publicKey;
        }
    }

    /// <summary>Product and Keyring must be there.</summary>
    public sealed class ReaderOptions
    {
        /// <summary>The product id, 1 to 64 bytes of UTF-8.</summary>
        public string Product;
        /// <summary>In a production build, live keys only.</summary>
        public IEnumerable<Key> Keyring;
        /// <summary>The product's feature names in their order, 24 at most; null for none.</summary>
        public IEnumerable<string> Features;
        /// <summary>Tells the UTC day at each reading; null for the computer's clock.</summary>
        public Func<DateTime> Today;
        /// <summary>Tells the latest day that the program has seen: the Keep of the verdict before. Null for none.</summary>
        public Func<DateTime?> LatestDay;
        /// <summary>The UTC day that the program was built on: today is never earlier, and updates end before it.</summary>
        public DateTime? BuildDate;
        /// <summary>Whether test codes are accepted too.</summary>
        public bool AllowTest;
        /// <summary>Whether a license id (lower case) was withdrawn; null if that is not known.</summary>
        public Predicate<string> Revoked;
    }

    /// <summary>Days are UTC. No last valid day is perpetual, no updates-until no limit, 0 seats are unlimited.</summary>
    public sealed class License
    {
        public string Id, Product;
        public int Revision, Seats, Features, KeyId;
        public DateTime Issued;
        public DateTime? LastValid, UpdatesUntil;
        public bool Test, Trial;
    }

    /// <summary>What became of a text. From TestCode on the code is genuine; only Valid is licensed.</summary>
    public enum Kind
    {
        Empty, NoCode, BadCharacter, TooShort, TooLong, Mistyped, UnsupportedVersion, WrongProduct, UnknownKey, Forged,
        Several, TestCode, NotYetValid, Revoked, Expired, UpdatesEnded, Valid
    }

    /// <summary>What a text is that holds no code.</summary>
    public enum Seen { OrderNumber, EMailAddress, Link, Text }

    public enum Slip { Substitution, Swap, Omission, Insertion }

    /// <summary>A slip that was undone: what was pasted, and what belongs there; either may be empty.</summary>
    public sealed class Repaired
    {
        public Slip Kind;
        /// <summary>Of the first character concerned, from 1, in code points of the pasted text.</summary>
        public int Position;
        public string Was, Is;
    }

    public sealed class Verdict
    {
        public readonly Kind Kind;
        /// <summary>From Kind.TestCode on, as are the three below.</summary>
        public License License { get; internal set; }
        /// <summary>As it was minted: what a program keeps.</summary>
        public string Code { get; internal set; }
        /// <summary>Null if nothing was repaired.</summary>
        public Repaired Repaired { get; internal set; }
        /// <summary>The UTC day to keep, and to give to the next reading as LatestDay.</summary>
        public DateTime? Keep { get; internal set; }
        /// <summary>Several: the verdict on each license; which is meant is for the user to say.</summary>
        public IList<Verdict> Choices { get; internal set; }
        /// <summary>
        /// BadCharacter: the position, from 1, in code points of the pasted text. TooShort, TooLong: the count of characters.
        /// UnsupportedVersion: the version. UnknownKey: the key id.
        /// </summary>
        public int Number { get; internal set; }
        /// <summary>BadCharacter: as it was pasted.</summary>
        public string Character { get; internal set; }
        /// <summary>BadCharacter, TooShort, Mistyped: the group of eight that is wrong, from 1; null if it cannot be told.</summary>
        public int? Group { get; internal set; }
        /// <summary>NoCode: what the text is instead.</summary>
        public Seen Seen { get; internal set; }

        /// <summary>With Kind.Valid.</summary>
        internal IList<string> Features;

        internal Verdict(Kind kind)
        {
            Kind = kind;
        }

        /// <summary>True for a valid license with this feature, by a name among the reader's Features.</summary>
        public bool Has(string feature)
        {
            int bit = Features == null ? -1 : Features.IndexOf(feature);
            return bit >= 0 && (License.Features >> bit & 1) == 1;
        }

        /// <summary>One sentence for the user, which holds nothing of what was pasted.</summary>
        public string Explain()
        {
            switch (Kind)
            {
                case Kind.Empty: return "paste your license code";
                case Kind.NoCode: return Instead() + ": look in your e-mail for a line of 160 letters and digits";
                case Kind.BadCharacter: return "character " + Written(Number) + " does not belong in a license code";
                case Kind.TooShort:
                    return "this is " + Written(Number) + " of 160 characters: copy the whole line" + LookAt();
                case Kind.TooLong:
                    return "this is " + Written(Number) + " characters instead of 160: copy only the line with the code";
                case Kind.Mistyped: return "some characters are wrong: paste it again" + LookAt();
                case Kind.UnsupportedVersion: return "this license was made for a newer version of this program";
                case Kind.WrongProduct: return "this license is for another product";
                case Kind.UnknownKey: return "update the program, then try again";
                case Kind.Forged: return "this is not a genuine license";
                case Kind.Several: return "here are codes of several licenses: paste one of them";
                case Kind.TestCode: return "this is a test license";
                case Kind.NotYetValid: return "this license begins in the future: check the date of your computer";
                case Kind.Revoked: return "this license was withdrawn (refunded, for example)";
                case Kind.Expired: return "this license expired on " + Written(License.LastValid);
                case Kind.UpdatesEnded: return "this license covers versions built until " + Written(License.UpdatesUntil);
                default: return "licensed";
            }
        }

        private string Instead()
        {
            switch (Seen)
            {
                case Seen.OrderNumber: return "here is an order number, but no license code";
                case Seen.EMailAddress: return "here is an e-mail address, but no license code";
                case Seen.Link: return "here is a link, but no license code";
                default: return "here is no license code";
            }
        }

        private string LookAt()
        {
            if (Group == null) return "";
            int last = 8 * Group.Value;
            return ", or look at characters " + Written(last - 7) + " to " + Written(last) + " of it";
        }

        /// <summary>In no culture: some have other digits, and other calendars.</summary>
        private static string Written(IFormattable value)
        {
            return value.ToString(value is DateTime ? "yyyy-MM-dd" : null, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Reads the codes of one product. A reader may be used by many threads. No text makes Read throw.</summary>
    public sealed class LicenseReader
    {
        private sealed class VerifyingKey
        {
            public bool Test;
            public byte[] Bytes;
        }

        /// <summary>A code that is genuine, and what was undone of it.</summary>
        private sealed class Genuine
        {
            public byte[] Values, Bytes;
            public Repaired Repaired;
        }

        private const string HexDigits = "0123456789abcdef";
        private const int ClockSkewDays = 2;
        /// <summary>Code points of a text that are looked at.</summary>
        private const int LongestPaste = 65536;
        /// <summary>Signatures that may fail before no more are checked; and those that are checked to repair codes.</summary>
        private const int MostFailures = 5, MostRepairs = 4;
        private const int MostFeatures = 24;
        /// <summary>Of several refusals the one that came furthest.</summary>
        private static readonly Kind[] Furthest = { Kind.Forged, Kind.UnknownKey, Kind.WrongProduct, Kind.UnsupportedVersion };
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        private readonly string product;
        private readonly byte[] tag, prefix;
        private readonly Dictionary<int, VerifyingKey> keys = new Dictionary<int, VerifyingKey>();
        private readonly Heads heads;
        private readonly string[] features;
        private readonly Func<DateTime> clock;
        private readonly Func<DateTime?> latestDay;
        private readonly DateTime? buildDate;
        private readonly bool allowTest;
        private readonly Predicate<string> revoked;

        /// <summary>An ArgumentException names what is missing or makes no sense.</summary>
        public LicenseReader(ReaderOptions options)
        {
            if (options == null) throw new ArgumentNullException("options");
            byte[] id = Encoding.UTF8.GetBytes(options.Product ?? "");
            Require(id.Length >= 1 && id.Length <= 64 && string.Equals(Encoding.UTF8.GetString(id), options.Product,
                StringComparison.Ordinal), "Product: must be the product id, 1 to 64 bytes of UTF-8");
            foreach (Key key in options.Keyring ?? new Key[0]) AddKey(key);
            Require(keys.Count > 0, "Keyring: holds no key, so no code could be valid");
            features = (options.Features ?? new string[0]).ToArray();
            Require(features.Length <= MostFeatures && features.Distinct().Count() == features.Length
                && !features.Any(string.IsNullOrEmpty), "Features: must be at most 24 names, each of them once");
            product = options.Product;
            clock = options.Today ?? (() => DateTime.UtcNow);
            latestDay = options.LatestDay ?? (() => null);
            buildDate = options.BuildDate;
            allowTest = options.AllowTest;
            revoked = options.Revoked ?? (licenseId => false);
            prefix = Join(Encoding.ASCII.GetBytes("mintmark license v1\0"), new[] { (byte)id.Length }, id);
            using (SHA512 sha512 = SHA512.Create()) tag = Slice(sha512.ComputeHash(id), 0, 3);
            heads = new Heads(keys.SelectMany(key => new[] { Head(key, 0), Head(key, 2) }).ToArray());
        }

        private byte[] Head(KeyValuePair<int, VerifyingKey> key, int trial)
        {
            var flags = (byte)(0x10 | trial | (key.Value.Test ? 1 : 0));
            return Armor.Values(new[] { flags, (byte)key.Key, tag[0], tag[1], tag[2] });
        }

        private void AddKey(Key key)
        {
            Require(key != null && key.Id >= 1 && key.Id <= 255, "Keyring: an id is a whole number from 1 to 255");
            string at = "Keyring: key " + key.Id.ToString(CultureInfo.InvariantCulture);
            Require(key.Mode == "live" || key.Mode == "test", at + " must be live or test");
            byte[] bytes = FromHex(key.PublicKey);
            Require(bytes != null && bytes.Length == 32, at + " must be 32 bytes in hex");
            Require(IsUsable(bytes), at + " is of small order or not canonical, so anyone could sign for it");
            foreach (var other in keys)
            {
                Require(other.Key != key.Id && !SameBytes(other.Value.Bytes, 0, bytes), at + " is there twice");
            }
            keys.Add(key.Id, new VerifyingKey { Test = key.Mode == "test", Bytes = bytes });
        }

        private static void Require(bool condition, string message)
        {
            if (!condition) throw new ArgumentException(message);
        }

        /// <summary>
        /// What was pasted comes to: the codes in it are found, one slip is undone, and the first verdict that applies is
        /// given. Throws only what Today, LatestDay or Revoked throws.
        /// </summary>
        public Verdict Read(string text)
        {
            Genuine plain = PlainCode(text ?? "");
            if (plain != null) return Judge(plain);
            int[] points = PastedText.Points(text ?? "", LongestPaste);
            var letters = new Letters(points);
            var checks = new Checks();
            Found found = Find(letters, checks);
            int[] bare = found.Genuine.Count > 0 ? points : PastedText.WithoutLineMarks(points);
            Found again = bare == points ? found : Find(new Letters(bare), checks);
            if (again.Genuine.Count > 0) return JudgeAll(again.Genuine);
            foreach (Kind kind in Furthest)
            {
                Verdict first = found.Refusals.Concat(again.Refusals).FirstOrDefault(refusal => refusal.Kind == kind);
                if (first != null) return first;
            }
            return new Damage(letters, found.Starts, heads).Tell(points);
        }

        /// <summary>If a text is a genuine code and nothing else, the usual case, which is faster by itself; else null.</summary>
        private Genuine PlainCode(string text)
        {
            if (text.Length != Armor.CodeLength) return null;
            var values = new byte[Armor.CodeLength];
            for (int i = 0; i < values.Length; i++)
            {
                int value = Armor.ValueOf(text[i]);
                if (value < 0) return null;
                values[i] = (byte)value;
            }
            byte[] bytes = Armor.Bytes(values);
            if (!CheckDigits.Fit(values) || Refuse(bytes) != null || !IsGenuine(values, bytes, new Checks())) return null;
            return new Genuine { Values = values, Bytes = bytes };
        }

        /// <summary>What the letters of a text hold; and where a code with a slip may begin.</summary>
        private sealed class Found
        {
            public readonly List<Genuine> Genuine = new List<Genuine>();
            public readonly List<Verdict> Refusals = new List<Verdict>();
            public List<int> Starts = new List<int>();
        }

        /// <summary>The signature checks in one text: each takes time. No forged code is checked twice.</summary>
        private sealed class Checks
        {
            public readonly List<byte[]> Forged = new List<byte[]>();
            public int Repairs;
        }

        /// <summary>Steps 2 and 3: the whole codes in order, then the repaired ones.</summary>
        private Found Find(Letters letters, Checks checks)
        {
            var found = new Found();
            var within = new List<int>();
            heads.Mark(letters);
            foreach (KeyValuePair<byte[], List<int>> whole in letters.WholeCodes())
            {
                byte[] values = whole.Key, bytes = Armor.Bytes(values);
                Verdict refusal = Refuse(bytes) ?? (IsGenuine(values, bytes, checks) ? null : new Verdict(Kind.Forged));
                if (refusal != null)
                {
                    found.Refusals.Add(refusal);
                    continue;
                }
                found.Genuine.Add(new Genuine { Values = values, Bytes = bytes });
                within.AddRange(whole.Value);
            }
            // No room for another: the usual case.
            bool isFull = found.Genuine.Count > 0 && letters.Count < Armor.CodeLength * (within.Count + 1) - 1;
            if (isFull) return found;
            within.Sort();
            found.Starts = heads.Starts(letters, within);
            int past = 0;
            foreach (int start in found.Starts)
            {
                if (start >= past) past = Math.Max(past, AddRepaired(letters, start, found.Genuine, checks));
            }
            return found;
        }

        /// <summary>Why a code does not count before its signature is checked. Null if it is to be checked.</summary>
        private Verdict Refuse(byte[] code)
        {
            int version = code[0] >> 4;
            if (version != 1 || (code[0] & 12) != 0) return new Verdict(Kind.UnsupportedVersion) { Number = version };
            if (!SameBytes(code, 2, tag)) return new Verdict(Kind.WrongProduct);
            return keys.ContainsKey(code[1]) ? null : new Verdict(Kind.UnknownKey) { Number = code[1] };
        }

        /// <summary>False without a check once too many signatures have failed.</summary>
        private bool IsGenuine(byte[] values, byte[] code, Checks checks)
        {
            if (checks.Forged.Count >= MostFailures || Contains(checks.Forged, values)) return false;
            VerifyingKey key = keys[code[1]];
            bool isGenuine = (code[0] & 1) != 0 == key.Test
                && VerifyStrict(Join(prefix, Slice(code, 0, 34)), Slice(code, 34, 64), key.Bytes);
            if (!isGenuine) checks.Forged.Add(values);
            return isGenuine;
        }

        private static bool Contains(List<byte[]> codes, byte[] values)
        {
            return codes.Exists(code => SameBytes(code, 0, values));
        }

        /// <summary>Adds the genuine code that is one slip away from a start. Where it ends; 0 for none.</summary>
        private int AddRepaired(Letters letters, int start, List<Genuine> genuine, Checks checks)
        {
            foreach (Repair repair in Repair.At(letters, start))
            {
                if (genuine.Exists(code => SameBytes(code.Values, 0, repair.Values))) return repair.End;
                byte[] bytes = Armor.Bytes(repair.Values);
                bool isChecked = Refuse(bytes) == null && !Contains(checks.Forged, repair.Values);
                if (!isChecked || checks.Repairs >= MostRepairs) continue;
                checks.Repairs++;
                if (!IsGenuine(repair.Values, bytes, checks)) continue;
                genuine.Add(new Genuine { Values = repair.Values, Bytes = bytes, Repaired = repair.Told });
                return repair.End;
            }
            return 0;
        }

        /// <summary>Of one license the newest code counts; of several licenses none is chosen.</summary>
        private Verdict JudgeAll(List<Genuine> codes)
        {
            var newest = new List<Genuine>();
            foreach (Genuine code in codes)
            {
                int held = newest.FindIndex(other => (other.Bytes[0] & ~2) == (code.Bytes[0] & ~2)
                    && SameBytes(other.Bytes, 2, Slice(code.Bytes, 2, 19)));
                if (held < 0) newest.Add(code);
                else if (Two(code.Bytes, 21) > Two(newest[held].Bytes, 21)) newest[held] = code;
            }
            List<Verdict> choices = newest.ConvertAll(Judge);
            return choices.Count == 1 ? choices[0] : new Verdict(Kind.Several) { Choices = choices };
        }

        private Verdict Judge(Genuine genuine)
        {
            byte[] code = genuine.Bytes;
            var license = new License
            {
                Id = FormatId(code),
                Product = product, Revision = Two(code, 21), Issued = Epoch.AddDays(Two(code, 23)),
                LastValid = DayOrNone(Two(code, 25)), UpdatesUntil = DayOrNone(Two(code, 27)), Seats = Two(code, 29),
                Features = code[31] << 16 | Two(code, 32), Test = (code[0] & 1) != 0, Trial = (code[0] & 2) != 0,
                KeyId = code[1]
            };
            DateTime? latest = latestDay()?.Date;
            DateTime today = Latest(clock().Date, Latest((buildDate ?? DateTime.MinValue).Date, latest ?? DateTime.MinValue));
            DateTime end = license.LastValid == null ? license.Issued : license.LastValid.Value.AddDays(1);
            Kind kind = JudgeLicense(license, today);
            return new Verdict(kind)
            {
                License = license, Code = Armor.Text(genuine.Values), Repaired = genuine.Repaired,
                Keep = Latest(today < end ? today : end, latest ?? DateTime.MinValue),
                Features = kind == Kind.Valid ? features : null
            };
        }

        private Kind JudgeLicense(License license, DateTime today)
        {
            if (license.Test && !allowTest) return Kind.TestCode;
            // A dead battery must not lock out who bought for good.
            if (license.LastValid != null && (license.Issued - today).TotalDays > ClockSkewDays) return Kind.NotYetValid;
            if (revoked(license.Id)) return Kind.Revoked;
            if (license.LastValid < today) return Kind.Expired;
            return license.UpdatesUntil < (buildDate ?? Epoch).Date ? Kind.UpdatesEnded : Kind.Valid;
        }

        private static DateTime Latest(DateTime one, DateTime other)
        {
            return one > other ? one : other;
        }

        private static DateTime? DayOrNone(int number)
        {
            return number == 0 ? (DateTime?)null : Epoch.AddDays(number);
        }

        /// <summary>Bytes 5 to 20 in the shape of a UUID.</summary>
        private static string FormatId(byte[] code)
        {
            var text = new StringBuilder(36);
            for (int i = 0; i < 16; i++)
            {
                if (i == 4 || i == 6 || i == 8 || i == 10) text.Append('-');
                text.Append(HexDigits[code[5 + i] >> 4]).Append(HexDigits[code[5 + i] & 15]);
            }
            return text.ToString();
        }

        /// <summary>The order of the base point, 2^252 + ..., little-endian as all numbers of Ed25519 (RFC 8032, 5.1).</summary>
        private static readonly byte[] L = FromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        /// <summary>2^255 - 19: coordinates are below it.</summary>
        private static readonly byte[] P = FromHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        /// <summary>The y coordinates of the points whose order divides 8.</summary>
        private static readonly byte[][] SmallOrder =
        {
            new byte[32], FromHex("0100000000000000000000000000000000000000000000000000000000000000"),
            FromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            FromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            FromHex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
        };

        /// <summary>
        /// Ed25519 as strict as libsodium, whatever the version of BouncyCastle takes: S below L, key and R canonical and
        /// not of small order. Whatever is not 64 and 32 bytes is refused.
        /// </summary>
        public static bool VerifyStrict(byte[] message, byte[] signature, byte[] publicKey)
        {
            if (message == null || signature == null || signature.Length != 64) return false;
            if (publicKey == null || publicKey.Length != 32 || !IsUsable(publicKey) || !IsUsable(signature)) return false;
            return Compare(signature, 32, 0xff, L) < 0
                && Ed25519.Verify(signature, 0, publicKey, 0, message, 0, message.Length);
        }

        /// <summary>False if the first 32 bytes are not canonical or of small order: no honest key or R.</summary>
        private static bool IsUsable(byte[] point)
        {
            foreach (byte[] y in SmallOrder) if (Compare(point, 0, 0x7f, y) == 0) return false;
            return Compare(point, 0, 0x7f, P) < 0;
        }

        /// <summary>Of two little-endian numbers of 32 bytes; the mask is for the top byte, where a sign may be.</summary>
        private static int Compare(byte[] bytes, int at, int mask, byte[] other)
        {
            int difference = (bytes[at + 31] & mask) - other[31];
            for (int i = 30; i >= 0 && difference == 0; i--) difference = bytes[at + i] - other[i];
            return difference;
        }

        private static int Two(byte[] bytes, int at)
        {
            return bytes[at] << 8 | bytes[at + 1];
        }

        private static bool SameBytes(byte[] bytes, int at, byte[] others)
        {
            for (int i = 0; i < others.Length; i++) if (bytes[at + i] != others[i]) return false;
            return true;
        }

        private static byte[] Slice(byte[] bytes, int at, int length)
        {
            var slice = new byte[length];
            Array.Copy(bytes, at, slice, 0, length);
            return slice;
        }

        private static byte[] Join(params byte[][] parts)
        {
            int length = 0;
            foreach (byte[] part in parts) length += part.Length;
            var all = new byte[length];
            length = 0;
            foreach (byte[] part in parts)
            {
                part.CopyTo(all, length);
                length += part.Length;
            }
            return all;
        }

        /// <summary>Null for what is not hex.</summary>
        private static byte[] FromHex(string hex)
        {
            if (hex == null || hex.Length % 2 != 0) return null;
            var bytes = new byte[hex.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                string digits = hex.Substring(2 * i, 2);
                if (!byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i])) return null;
            }
            return bytes;
        }
    }

    /// <summary>100 bytes as 160 characters, five bits each.</summary>
    internal static class Armor
    {
        public const int CodeLength = 160;
        private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

        private static readonly int[] ByCharacter = Enumerable.Range(0, 128).Select(c => Alphabet.IndexOf((char)c)).ToArray();

        /// <summary>-1 for what is not in the alphabet.</summary>
        public static int ValueOf(char letter)
        {
            return letter < 128 ? ByCharacter[letter] : -1;
        }

        public static string Text(byte[] values)
        {
            return new string(Array.ConvertAll(values, value => Alphabet[value]));
        }

        /// <summary>Of values by eights.</summary>
        public static byte[] Bytes(byte[] values)
        {
            var bytes = new byte[values.Length / 8 * 5];
            for (int i = 0, held = 0; i < values.Length; i++)
            {
                held = (held << 5 | values[i]) & 0xffff;
                int bits = 5 * (i + 1);
                if (bits % 8 < 5) bytes[bits / 8 - 1] = (byte)(held >> bits % 8);
            }
            return bytes;
        }

        /// <summary>Of bytes by fives.</summary>
        public static byte[] Values(byte[] bytes)
        {
            var values = new byte[bytes.Length / 5 * 8];
            for (int i = 0, bit = 0; i < values.Length; i++, bit += 5)
            {
                int two = bytes[bit / 8] << 8 | (bit / 8 + 1 < bytes.Length ? bytes[bit / 8 + 1] : 0);
                values[i] = (byte)(two >> (11 - bit % 8) & 31);
            }
            return values;
        }
    }

    /// <summary>
    /// The check digits of 160 characters without their bytes. A CRC over all of a code, check digits too, leaves 0, and it is
    /// linear: each character at each place adds a number of its own (XOR), so what is left tells which single slips to try.
    /// </summary>
    internal static class CheckDigits
    {
        private static readonly int[] Table = Enumerable.Range(0, 32).Select(FiveBits).ToArray();
        private static readonly int[] Weights = MakeWeights();
        private static readonly int[] OverACode = Enumerable.Range(0, 16).Select(MakeOverACode).ToArray();
        private const int Initial = 0xffff;

        /// <summary>What the initial register adds: the XOR of this and of the weights of all of a code is 0.</summary>
        public static readonly int Start = MoveOverACode(Initial);

        private static int FiveBits(int bits)
        {
            int register = bits << 11;
            for (int i = 0; i < 5; i++) register = register << 1 ^ ((register & 0x8000) != 0 ? 0x11021 : 0);
            return register;
        }

        /// <summary>The register of CRC-16/CCITT-FALSE after one more character.</summary>
        private static int Step(int register, int value)
        {
            return register << 5 & 0xffff ^ Table[register >> 11 ^ value];
        }

        /// <summary>Whether the check digits of a code fit.</summary>
        public static bool Fit(byte[] values)
        {
            int register = Initial;
            foreach (byte value in values) register = Step(register, value);
            return register == 0;
        }

        private static int[] MakeWeights()
        {
            var weights = new int[32 * Armor.CodeLength];
            for (int value = 0; value < 32; value++)
            {
                int weight = Step(0, value);
                for (int place = Armor.CodeLength - 1; place >= 0; place--)
                {
                    weights[32 * place + value] = weight;
                    weight = Step(weight, 0);
                }
            }
            return weights;
        }

        private static int MakeOverACode(int bit)
        {
            int register = 1 << bit;
            for (int i = 0; i < Armor.CodeLength; i++) register = Step(register, 0);
            return register;
        }

        private static int MoveOverACode(int register)
        {
            int moved = 0;
            for (int bit = 0; bit < 16; bit++) if ((register >> bit & 1) == 1) moved ^= OverACode[bit];
            return moved;
        }

        public static int Weight(int place, int value)
        {
            return Weights[32 * place + value];
        }

        /// <summary>A wrong character adds nothing, nor does what is outside of a code.</summary>
        public static int WeightAt(int place, byte[] values, int at)
        {
            bool none = at >= values.Length || values[at] == Letters.Wrong || place >= Armor.CodeLength;
            return none ? 0 : Weight(place, values[at]);
        }

        /// <summary>At which places 160 characters are in the alphabet and have check digits that fit.</summary>
        public static Predicate<int> Fits(byte[] values, int count)
        {
            int[] registers = new int[count + 1], wrongs = new int[count + 1];
            for (int i = 0; i < count; i++)
            {
                bool wrong = values[i] == Letters.Wrong;
                registers[i + 1] = Step(registers[i], wrong ? 0 : values[i]);
                wrongs[i + 1] = wrongs[i] + (wrong ? 1 : 0);
            }
            return from =>
            {
                int to = from + Armor.CodeLength;
                return to <= count && wrongs[from] == wrongs[to]
                    && registers[to] == MoveOverACode(registers[from] ^ Initial);
            };
        }
    }

    /// <summary>A text as the characters that may be of a code (step 1).</summary>
    internal sealed class Letters
    {
        /// <summary>The value of a character that is in no code, but may stand in the place of one that is.</summary>
        public const byte Wrong = 32;

        /// <summary>What stands before a letter: any is an edge, none is within a word.</summary>
        private const byte Gap = 1, BesideWrong = 2, Paragraph = 4;
        /// <summary>The 3D with which a word begins: rewritten links have -3D or *3D in the place of an equals sign.</summary>
        private const byte BehindEquals = 8;
        /// <summary>A head of the reader begins.</summary>
        private const byte AtHead = 16;

        /// <summary>The fold table makes at most five letters of one character (of U+33AF, RADS2).</summary>
        private const int MostOfOne = 5;

        public int Count { get; private set; }
        /// <summary>0 to 31, or Wrong; then what each was read from, and where that stands in the text, from 1.</summary>
        public readonly byte[] Values;
        public readonly int[] Points, Positions;
        private readonly byte[] before;

        private int position;
        private byte edge = Gap;
        private int lineBreaks;

        public Letters(int[] text)
        {
            int size = MostOfOne * text.Length;
            Values = new byte[size];
            Points = new int[size];
            Positions = new int[size];
            before = new byte[size + 1];
            for (int at = 0; at < text.Length;)
            {
                position = at + 1;
                int point, end = Escapes.End(text, at, out point);
                if (end < 0)
                {
                    point = text[at];
                    bool endsCrLf = point == '\n' && at > 0 && text[at - 1] == '\r';
                    if (PastedText.IsLineBreak(point) && !endsCrLf) lineBreaks++;
                    end = at + 1;
                }
                if (point < 0) edge = Gap;
                else PutPoint(point);
                at = end;
            }
            before[Count] = Gap;
        }

        private void PutPoint(int point)
        {
            string letters = PastedText.ReadAs(point);
            if (letters == null) Put(Wrong, point);
            else if (letters.Length == 0) edge = Gap;
            else foreach (char letter in letters) Put((byte)Armor.ValueOf(letter), point);
        }

        private void Put(byte value, int point)
        {
            if (edge == 0 && IsBehindEquals()) edge = BehindEquals;
            Values[Count] = value;
            Points[Count] = point;
            Positions[Count] = position;
            bool wrong = value == Wrong || Count > 0 && Values[Count - 1] == Wrong;
            before[Count++] = (byte)(edge | (wrong ? BesideWrong : 0) | (lineBreaks > 1 ? Paragraph : 0));
            edge = 0;
            lineBreaks = 0;
        }

        private bool IsBehindEquals()
        {
            return Count > 1 && Values[Count - 2] == 3 && Values[Count - 1] == 13
                && before[Count - 1] == 0 && (before[Count - 2] & Gap) != 0;
        }

        public bool IsEdge(int at)
        {
            return before[at] != 0;
        }

        /// <summary>Makes a place an edge where a whole head stands: a code that is joined to other text is found.</summary>
        public void MarkHead(int at)
        {
            before[at] |= AtHead;
        }

        public bool EndsParagraph(int at)
        {
            return (before[at] & Paragraph) != 0;
        }

        /// <summary>The first gap behind a place: a wrong character ends no word.</summary>
        public int WordEnd(int from)
        {
            int end = from + 1;
            while (end < Count && (before[end] & Gap) == 0) end++;
            return end;
        }

        public int Wrongs(int from, int to)
        {
            int wrongs = 0;
            for (int at = from; at < to; at++) if (Values[at] == Wrong) wrongs++;
            return wrongs;
        }

        /// <summary>The place of the first wrong one; -1 for none.</summary>
        public int FirstWrong(int from, int to)
        {
            return Array.IndexOf(Values, Wrong, from, to - from);
        }

        public byte[] Part(int from, int length)
        {
            var part = new byte[length];
            Array.Copy(Values, from, part, 0, length);
            return part;
        }

        /// <summary>How many were read from digits.</summary>
        public int Digits(int from, int to)
        {
            int digits = 0;
            for (int at = from; at < to; at++) if (Points[at] >= '0' && Points[at] <= '9') digits++;
            return digits;
        }

        /// <summary>Upper and lower case in one word, as in base64 and in links. I, l and O are typed for 1 and 0.</summary>
        public bool IsMixed(int from, int to)
        {
            bool isLower = false, isUpper = false;
            for (int at = from; at < to; at++)
            {
                if (Points[at] > 127 || "ILOilo".IndexOf((char)Points[at]) >= 0) continue;
                isLower |= Points[at] >= 'a' && Points[at] <= 'z';
                isUpper |= Points[at] >= 'A' && Points[at] <= 'Z';
            }
            return isLower && isUpper;
        }

        /// <summary>The whole codes in order, each once, and the places where they begin (step 2).</summary>
        public List<KeyValuePair<byte[], List<int>>> WholeCodes()
        {
            Predicate<int> fits = CheckDigits.Fits(Values, Count);
            var seen = new Dictionary<string, List<int>>();
            var codes = new List<KeyValuePair<byte[], List<int>>>();
            for (int start = 0; start + Armor.CodeLength <= Count; start++)
            {
                if (!IsEdge(start)) continue;
                int end = start;
                while (fits(end))
                {
                    end += Armor.CodeLength;
                    if (IsEdge(end)) break;
                }
                if (!IsEdge(end) && (before[start] & AtHead) == 0) continue;
                for (int at = start; at < end; at += Armor.CodeLength)
                {
                    byte[] code = Part(at, Armor.CodeLength);
                    string text = Armor.Text(code);
                    if (!seen.ContainsKey(text))
                    {
                        seen.Add(text, new List<int>());
                        codes.Add(new KeyValuePair<byte[], List<int>>(code, seen[text]));
                    }
                    seen[text].Add(at);
                }
            }
            return codes;
        }
    }

    /// <summary>What stands for a character, or for nothing, in a text that a program wrote: URL, mail, HTML, JSON.</summary>
    internal static class Escapes
    {
        private const int Nothing = -1;
        private const int LongestName = 32;
        /// <summary>Of a tag behind its first letter: shorter than a code, so that none is passed over with it.</summary>
        private const int LongestTag = 158;

        /// <summary>Where the escape that begins at a place ends, and what it means, -1 for nothing; -1 for none.</summary>
        public static int End(int[] text, int at, out int point)
        {
            point = Nothing;
            switch (text[at])
            {
                case '%': return Percent(text, at, out point);
                case '=': return QuotedPrintable(text, at);
                case '&': return Entity(text, at, out point);
                case '<': return Tag(text, at);
                case '\\': return Backslash(text, at, out point);
                // UTF-8 that was read as Latin-1 or Windows-1252.
                case 0xc2: return Get(text, at + 1) == ' ' || IsIn(text, at + 1, 0x80, 0xbf) ? at + 2 : -1;
                case 0xe2:
                    bool general = Get(text, at + 1) == 0x80 || Get(text, at + 1) == 0x20ac;
                    return general && IsIn(text, at + 2, 0x80, 0x2122) ? at + 3 : -1;
                case 0xef: return Get(text, at + 1) == 0xbb && Get(text, at + 2) == 0xbf ? at + 3 : -1;
                default: return -1;
            }
        }

        private static int Percent(int[] text, int at, out int point)
        {
            int digits = at + 1;
            for (int times = 0; times < 4 && Get(text, digits) == '2' && Get(text, digits + 1) == '5'; times++) digits += 2;
            for (; digits > at; digits -= 2)
            {
                int value = Number(text, digits, digits + 2, 16);
                point = value < 0x80 ? value : Nothing;
                if (value >= 0) return digits + 2;
            }
            point = Nothing;
            return -1;
        }

        /// <summary>RFC 2045, 6.7. `=2x` is none, as a link may have the code behind it; white space is at line ends.</summary>
        private static int QuotedPrintable(int[] text, int at)
        {
            int byteValue = Number(text, at + 1, at + 3, 16);
            bool isSpace = byteValue == 0x20 || byteValue == 0x09;
            int next = Get(text, at + 3);
            bool atLineEnd = next < 0 || next == '\r' || next == '\n' || next == '=';
            bool isOther = byteValue == 0x3d || byteValue == 0x0a || byteValue == 0x0d || byteValue >= 0x80;
            return isOther || isSpace && atLineEnd ? at + 3 : -1;
        }

        private static int Entity(int[] text, int at, out int point)
        {
            int name = at + 1;
            for (int times = 0; times < 4 && StartsWith(text, name, "amp;"); times++) name += 4;
            for (; name > at; name -= 4)
            {
                int end = name;
                while (end - name <= LongestName && end < text.Length && text[end] != ';') end++;
                if (Get(text, end) == ';' && Named(text, name, end, out point)) return end + 1;
                point = Nothing;
                // HTML allows these without a semicolon.
                if (StartsWith(text, name, "shy")) return name + 3;
                if (StartsWith(text, name, "nbsp")) return name + 4;
            }
            point = Nothing;
            return -1;
        }

        private static bool Named(int[] text, int from, int to, out int point)
        {
            point = Nothing;
            if (Get(text, from) != '#')
            {
                if (to - from < 2 || to - from > LongestName || !IsLetter(text[from])) return false;
                for (int at = from; at < to; at++) if (!IsLetter(text[at]) && !IsDigit(text[at])) return false;
                return true;
            }
            bool isHex = Get(text, from + 1) == 'x' || Get(text, from + 1) == 'X';
            int digits = from + (isHex ? 2 : 1);
            if (to - digits > (isHex ? 6 : 7)) return false;
            int value = Number(text, digits, to, isHex ? 16 : 10);
            point = Scalar(value);
            return value >= 0;
        }

        private static int Tag(int[] text, int at)
        {
            int name = at + (Get(text, at + 1) == '/' ? 2 : 1);
            if (name >= text.Length || !IsLetter(text[name])) return -1;
            int end = name + 1;
            while (end - name <= LongestTag && end < text.Length && text[end] != '<' && text[end] != '>') end++;
            return Get(text, end) == '>' ? end + 1 : -1;
        }

        private static int Backslash(int[] text, int at, out int point)
        {
            point = Nothing;
            int next = Get(text, at + 1);
            // RTF; not \'20, as a quoted code begins with it.
            if (StartsWith(text, at + 1, "par") && !IsIn(text, at + 4, 'a', 'z')) return at + 4;
            if (StartsWith(text, at + 1, "line") && !IsIn(text, at + 5, 'a', 'z')) return at + 5;
            if (next == '\'' && Number(text, at + 2, at + 4, 16) >= 0x80) return at + 4;
            if (next == 'n' || next == 'r' || next == 't') return at + 2;
            int value = next == 'u' ? Number(text, at + 2, at + 6, 16) : -1;
            point = Scalar(value);
            return value < 0 ? -1 : at + 6;
        }

        /// <summary>A Unicode scalar value; -1 for surrogates and what is beyond Unicode, which mean nothing.</summary>
        private static int Scalar(int value)
        {
            return value > 0x10ffff || value >= 0xd800 && value <= 0xdfff ? Nothing : value;
        }

        /// <summary>-1 beyond the end.</summary>
        private static int Get(int[] text, int at)
        {
            return at < text.Length ? text[at] : -1;
        }

        private static bool IsIn(int[] text, int at, int first, int last)
        {
            return Get(text, at) >= first && Get(text, at) <= last;
        }

        private static bool StartsWith(int[] text, int at, string word)
        {
            for (int i = 0; i < word.Length; i++) if (Get(text, at + i) != word[i]) return false;
            return true;
        }

        private static bool IsLetter(int point)
        {
            return point >= 'a' && point <= 'z' || point >= 'A' && point <= 'Z';
        }

        private static bool IsDigit(int point)
        {
            return point >= '0' && point <= '9';
        }

        /// <summary>-1 for what is no number of that base.</summary>
        private static int Number(int[] text, int from, int to, int radix)
        {
            if (from >= to || to > text.Length) return -1;
            int number = 0;
            for (int at = from; at < to; at++)
            {
                int digit = IsDigit(text[at]) ? text[at] - '0' : IsLetter(text[at]) ? (text[at] | 32) - 'a' + 10 : radix;
                if (digit >= radix) return -1;
                number = radix * number + digit;
            }
            return number;
        }
    }

    /// <summary>How the codes begin that a reader knows: version, flags, key id and product tag are 8 characters.</summary>
    internal sealed class Heads
    {
        public const int Length = 8;

        /// <summary>Where a code may begin that one slip keeps from being found: no more of a text are looked at.</summary>
        private const int MostStarts = 16;

        private readonly byte[][] heads;
        private readonly HashSet<int> firsts, lasts;

        public Heads(byte[][] heads)
        {
            this.heads = heads;
            firsts = new HashSet<int>(heads.Select(head => Packed(head, 0, 4)));
            lasts = new HashSet<int>(heads.Select(head => Packed(head, Length - 3, 3)));
        }

        /// <summary>Whether the characters from a place on begin like a code, as far as there are some.</summary>
        public bool Begins(Letters letters, int from)
        {
            int length = Math.Min(Length, letters.Count - from);
            return heads.Any(head => Enumerable.Range(0, length).All(i => head[i] == letters.Values[from + i]));
        }

        /// <summary>Marks each whole head. A code with two characters too many is not one that is joined to other text.</summary>
        public void Mark(Letters letters)
        {
            if (letters.Count < Armor.CodeLength + 3) return;
            for (int at = 0; at + Length <= letters.Count; at++)
            {
                if (firsts.Contains(Packed(letters.Values, at, 4)) && Begins(letters, at)) letters.MarkHead(at);
            }
        }

        /// <summary>
        /// The edges outside of genuine codes behind which a code with at most one slip in its head may begin, the first 16.
        /// </summary>
        public List<int> Starts(Letters letters, List<int> genuine)
        {
            var starts = new List<int>();
            for (int at = 0, next = 0, outside = 0; at < letters.Count && starts.Count < MostStarts; at++)
            {
                if (next < genuine.Count && genuine[next] == at)
                {
                    next++;
                    outside = at + Armor.CodeLength;
                }
                if (at >= outside && letters.IsEdge(at) && IsNear(letters, at)) starts.Add(at);
            }
            return starts;
        }

        /// <summary>One slip leaves the first four characters as they are, or the last three, at most one place off.</summary>
        private bool IsNear(Letters letters, int from)
        {
            if (from + 4 <= letters.Count && firsts.Contains(Packed(letters.Values, from, 4))) return true;
            for (int at = from + Length - 4; at <= from + Length - 2; at++)
            {
                if (at + 3 <= letters.Count && lasts.Contains(Packed(letters.Values, at, 3))) return true;
            }
            return false;
        }

        /// <summary>A wrong character has a bit that no other has.</summary>
        private static int Packed(byte[] values, int from, int length)
        {
            int bits = 0;
            for (int at = from; at < from + length; at++) bits = bits << 6 | values[at];
            return bits;
        }
    }

    /// <summary>One slip of the finger undone (step 3): check digits sift, the signature decides.</summary>
    internal sealed class Repair
    {
        private static readonly int[] Lengths = { Armor.CodeLength, Armor.CodeLength - 1, Armor.CodeLength + 1 };

        public byte[] Values;
        public Repaired Told;
        /// <summary>The place behind what was pasted.</summary>
        public int End;

        /// <summary>Each code one slip away from what stands from a place on up to an edge, whose check digits fit.</summary>
        public static IEnumerable<Repair> At(Letters letters, int start)
        {
            foreach (int length in Lengths)
            {
                int end = start + length;
                if (end > letters.Count || !letters.IsEdge(end) || letters.Wrongs(start, end) > 1) continue;
                byte[] values = letters.Part(start, length);
                int wrong = Array.IndexOf(values, Letters.Wrong);
                IEnumerable<Undo> undone = length > Armor.CodeLength ? Insertions(values, wrong)
                    : length < Armor.CodeLength ? Omissions(values, wrong)
                    : Substitutions(values, wrong).Concat(Swaps(values, wrong));
                foreach (Undo undo in undone) yield return undo.In(letters, start, values);
            }
        }

        /// <summary>Some characters at a place are replaced by others.</summary>
        private sealed class Undo
        {
            public Slip Kind;
            public int Place, Cut;
            public byte[] Put;

            public Repair In(Letters letters, int start, byte[] values)
            {
                int at = start + Place;
                int position = Place < values.Length ? letters.Positions[at] : letters.Positions[at - 1] + 1;
                var was = new StringBuilder();
                for (int i = at; i < at + Cut; i++) was.Append(PastedText.Character(letters.Points[i]));
                return new Repair
                {
                    End = start + values.Length,
                    Values = values.Take(Place).Concat(Put).Concat(values.Skip(Place + Cut)).ToArray(),
                    Told = new Repaired { Kind = Kind, Position = position, Was = was.ToString(), Is = Armor.Text(Put) }
                };
            }
        }

        /// <summary>What is left over of the values from a place on, each moved by some places; 0 if the digits fit.</summary>
        private static int Remainder(byte[] values, int from, int moved)
        {
            int rest = CheckDigits.Start;
            for (int at = from; at < values.Length; at++) rest ^= CheckDigits.WeightAt(at + moved, values, at);
            return rest;
        }

        private static IEnumerable<Undo> Substitutions(byte[] values, int wrong)
        {
            int rest = Remainder(values, 0, 0);
            for (int place = Math.Max(wrong, 0); place < Armor.CodeLength; place++)
            {
                int without = rest ^ CheckDigits.WeightAt(place, values, place);
                for (byte value = 0; value < 32; value++)
                {
                    if (value != values[place] && CheckDigits.Weight(place, value) == without)
                        yield return new Undo { Kind = Slip.Substitution, Place = place, Cut = 1, Put = new[] { value } };
                }
                if (wrong >= 0) yield break;
            }
        }

        private static IEnumerable<Undo> Swaps(byte[] values, int wrong)
        {
            if (wrong >= 0) yield break;
            int rest = Remainder(values, 0, 0);
            for (int place = 0; place + 1 < Armor.CodeLength; place++)
            {
                byte a = values[place], b = values[place + 1];
                int change = CheckDigits.Weight(place, a) ^ CheckDigits.Weight(place + 1, b)
                    ^ CheckDigits.Weight(place, b) ^ CheckDigits.Weight(place + 1, a);
                if (a != b && change == rest)
                    yield return new Undo { Kind = Slip.Swap, Place = place, Cut = 2, Put = new[] { b, a } };
            }
        }

        private static IEnumerable<Undo> Omissions(byte[] values, int wrong)
        {
            if (wrong >= 0) yield break;
            int rest = Remainder(values, 0, 1);
            for (int place = 0; place < Armor.CodeLength; place++)
            {
                for (byte value = 0; value < 32; value++)
                {
                    // Next to an equal character the result is the same code.
                    bool isLike = place > 0 && values[place - 1] == value;
                    if (CheckDigits.Weight(place, value) == rest && !isLike)
                        yield return new Undo { Kind = Slip.Omission, Place = place, Cut = 0, Put = new[] { value } };
                }
                rest ^= CheckDigits.WeightAt(place + 1, values, place) ^ CheckDigits.WeightAt(place, values, place);
            }
        }

        private static IEnumerable<Undo> Insertions(byte[] values, int wrong)
        {
            int rest = Remainder(values, 1, -1);
            for (int place = 0; place <= Armor.CodeLength; place++)
            {
                bool may = wrong >= 0 ? wrong == place : place == 0 || values[place - 1] != values[place];
                if (rest == 0 && may)
                    yield return new Undo { Kind = Slip.Insertion, Place = place, Cut = 1, Put = new byte[0] };
                rest ^= CheckDigits.WeightAt(place, values, place + 1) ^ CheckDigits.WeightAt(place, values, place);
            }
        }
    }

    /// <summary>What is wrong with a text in which no whole code was found (step 5).</summary>
    internal sealed class Damage
    {
        private const int Group = 8;
        /// <summary>Characters of a word that can be part of a code and hardly of a language.</summary>
        private const int LongWord = 20;
        /// <summary>Of a text with many digits; and their share, as a divisor: a code has 10 of 32.</summary>
        private const int LongText = 40, Digits = 5;
        /// <summary>Shorter words behind longer ones are prose.</summary>
        private const int ShortWord = 4;
        private const int MostWrong = 2;

        private readonly Letters letters;
        private readonly List<int> starts;
        private readonly Heads heads;
        /// <summary>The stretch that is meant to be a code, and whether it begins as one of this product but for a slip.</summary>
        private int from = -1, to;
        private bool known;

        public Damage(Letters letters, List<int> starts, Heads heads)
        {
            this.letters = letters;
            this.starts = starts;
            this.heads = heads;
        }

        /// <summary>The text is what the letters were read from.</summary>
        public Verdict Tell(int[] text)
        {
            if (letters.Count == 0) return new Verdict(Kind.Empty);
            if (!FindKnown() && !FindLongWord() && !FindManyDigits())
                return new Verdict(Kind.NoCode) { Seen = PastedText.SeenIn(text) };
            int count = to - from, wrong = letters.FirstWrong(from, to);
            int? group = WrongGroup(wrong);
            if (count >= Armor.CodeLength - 1 && wrong >= 0)
            {
                string character = PastedText.Character(letters.Points[wrong]);
                return new Verdict(Kind.BadCharacter) { Character = character, Number = letters.Positions[wrong], Group = group };
            }
            if (count < Armor.CodeLength) return new Verdict(Kind.TooShort) { Number = count, Group = group };
            if (count > Armor.CodeLength) return new Verdict(Kind.TooLong) { Number = count };
            return new Verdict(Kind.Mistyped) { Group = group };
        }

        /// <summary>The first that begins as a code of this product does; a short one to the letter, or any number would.</summary>
        private bool FindKnown()
        {
            known = true;
            foreach (int start in starts)
            {
                from = start;
                to = PieceEnd(start);
                if (to - from >= LongWord || heads.Begins(letters, from)) return true;
            }
            from = 0;
            to = letters.Count;
            return known = letters.Count < 4 && heads.Begins(letters, 0);
        }

        /// <summary>From the longest word on, the first of them, if it is long enough.</summary>
        private bool FindLongWord()
        {
            int longest = LongWord - 1, best = -1;
            for (int at = 0, end; at < letters.Count; at = end)
            {
                end = letters.WordEnd(at);
                if (end - at <= longest || letters.Wrongs(at, end) > MostWrong || letters.IsMixed(at, end)) continue;
                longest = end - at;
                best = at;
            }
            if (best < 0) return false;
            from = best;
            to = PieceEnd(best);
            return true;
        }

        /// <summary>The whole text, if it is long and has the digits of a code.</summary>
        private bool FindManyDigits()
        {
            from = 0;
            to = letters.Count;
            return to >= LongText && letters.Digits(0, to) * Digits >= to;
        }

        /// <summary>An edge at the length of a code, or one off; else where prose begins.</summary>
        private int PieceEnd(int start)
        {
            int near = ProseAfter(start, Armor.CodeLength + 1);
            foreach (int length in new[] { Armor.CodeLength, Armor.CodeLength - 1, Armor.CodeLength + 1 })
            {
                if (start + length <= near && letters.IsEdge(start + length)) return start + length;
            }
            return ProseAfter(start, letters.Count);
        }

        /// <summary>Where prose begins, or the end of the word that makes it enough characters.</summary>
        private int ProseAfter(int start, int enough)
        {
            int end = letters.WordEnd(start), last = end - start;
            while (end - start < enough && end < letters.Count && !letters.EndsParagraph(end))
            {
                int next = letters.WordEnd(end);
                if (IsProse(end, next, last) || letters.Wrongs(end, next) > MostWrong) break;
                last = next - end;
                end = next;
            }
            return end;
        }

        /// <summary>A short word behind a longer one, or a word without digits that is no group like the last one.</summary>
        private bool IsProse(int start, int end, int last)
        {
            int length = end - start;
            bool isLast = end == letters.Count;
            if (length < ShortWord && last >= ShortWord && !isLast) return true;
            // The last may be on its way still.
            bool isGroup = Math.Abs(length - last) <= 1 || isLast && length < last && last < LongWord;
            return !isGroup && letters.Digits(start, end) == 0;
        }

        /// <summary>
        /// The group of eight that is wrong, from 1, where it can be told: it holds a wrong character; it is the first, which is
        /// the same in all codes of a product; or, of a code in groups of eight, it is the one that has more or fewer.
        /// </summary>
        private int? WrongGroup(int wrong)
        {
            if (wrong >= 0) return (wrong - from) / Group + 1;
            if (known && to - from >= Heads.Length && !heads.Begins(letters, from)) return 1;
            var lengths = new List<int>();
            for (int at = from, end; at < to; at = end)
            {
                end = Math.Min(letters.WordEnd(at), to);
                lengths.Add(end - at);
            }
            // The last may be on its way still.
            if (to - from < Armor.CodeLength) lengths.RemoveAt(lengths.Count - 1);
            int odd = lengths.Count(length => length != Group);
            if (odd < 1 || odd > 2 || lengths.Count - odd < 2) return null;
            return lengths.FindIndex(length => length != Group) + 1;
        }
    }

    internal static class PastedText
    {
        private const int LongestWord = 200;

        /// <summary>The first code points of a text; a lone surrogate is one.</summary>
        public static int[] Points(string text, int most)
        {
            var points = new int[Math.Min(text.Length, most)];
            int count = 0;
            for (int i = 0; i < text.Length && count < most; i++)
            {
                bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                points[count++] = isPair ? char.ConvertToUtf32(text[i], text[++i]) : text[i];
            }
            Array.Resize(ref points, count);
            return points;
        }

        public static string Character(int point)
        {
            return point > 0xffff ? char.ConvertFromUtf32(point) : ((char)point).ToString();
        }

        public static bool IsLineBreak(int point)
        {
            return point >= '\n' && point <= '\r' || point == 0x85 || point == 0x2028 || point == 0x2029;
        }

        /// <summary>
        /// As many spaces in the place of what mail programs and editors put before lines, so that positions stay what they are:
        /// `Ada>`, `1:`, `(2)`, a number before white space. The same array if there is none.
        /// </summary>
        public static int[] WithoutLineMarks(int[] text)
        {
            int[] bare = text;
            for (int i = 0; i < text.Length; i++)
            {
                if (i > 0 && text[i - 1] != '\n' && text[i - 1] != '\r') continue;
                int from = i, digits = 0;
                while (from < text.Length && IsAmong(text[from], "\t >|([")) from++;
                int end = from;
                for (; end < text.Length && text[end] < 128 && IsLetterOrDigit((char)text[end]); end++)
                {
                    if (text[end] <= '9') digits++;
                }
                int length = end - from;
                if (end == text.Length || length == 0) continue;
                bool isWord = length <= 10 && IsAmong(text[end], ">:.)|]");
                bool isNumber = length <= 4 && digits == length && IsAmong(text[end], "\t ");
                if (!isWord && !isNumber) continue;
                if (bare == text) bare = (int[])text.Clone();
                for (int at = i; at <= end; at++) bare[at] = ' ';
            }
            return bare;
        }

        private static bool IsAmong(int point, string marks)
        {
            return point < 128 && marks.IndexOf((char)point) >= 0;
        }

        /// <summary>What a text is that holds no license code, as far as a person would know it.</summary>
        public static Seen SeenIn(int[] text)
        {
            string all = string.Concat(text.Select(Character));
            string[] words = all.Split("\t\n\v\f\r ".ToCharArray(), StringSplitOptions.RemoveEmptyEntries);
            // Of a date there are 8 digits.
            int fewest = words.Length == 1 ? 4 : 9;
            string[] shorter = words.Where(word => Points(word, LongestWord + 1).Length <= LongestWord).Select(Trim).ToArray();
            if (shorter.Any(word => IsOrderNumber(word, fewest))) return Seen.OrderNumber;
            if (shorter.Any(IsAddress)) return Seen.EMailAddress;
            return all.IndexOf("://", StringComparison.Ordinal) >= 0 ? Seen.Link : Seen.Text;
        }

        private static string Trim(string word)
        {
            int from = 0, to = word.Length;
            while (from < to && !IsLetterOrDigit(word[from])) from++;
            while (to > from && !IsLetterOrDigit(word[to - 1])) to--;
            return word.Substring(from, to - from);
        }

        private static bool IsOrderNumber(string word, int fewestDigits)
        {
            return !IsDayOrId(word) && word.Length >= 4 && word.Length <= 40 && word.All(c => IsLetterOrDigit(c) || c == '-')
                && word.Count(c => c >= '0' && c <= '9') >= fewestDigits;
        }

        /// <summary>2026-11-21, 21-11-2026, or a license id.</summary>
        private static bool IsDayOrId(string word)
        {
            string lengths = string.Join(" ", word.Split('-').Select(part => part.Length));
            bool isDecimal = word.All(c => c >= '0' && c <= '9' || c == '-');
            bool isHex = word.All(c => c >= '0' && c <= '9' || (c | 32) >= 'a' && (c | 32) <= 'f' || c == '-');
            return isDecimal && (lengths == "4 2 2" || lengths == "2 2 4") || isHex && lengths == "8 4 4 4 12";
        }

        private static bool IsAddress(string word)
        {
            string[] parts = word.Split('@');
            return parts.Length == 2 && parts[0] != "" && parts[1].Length > 2
                && parts[1].IndexOf('.', 1, parts[1].Length - 2) > 0;
        }

        private static bool IsLetterOrDigit(char c)
        {
            return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        }

        private sealed class Row
        {
            public int First, Last;
            public string Target;
        }

        /// <summary>What each character of ASCII is read as, as below.</summary>
        private static readonly string[] Ascii = Enumerable.Range(0, 128).Select(c => Plain((char)c)).ToArray();

        private static string Plain(char c)
        {
            return IsLetterOrDigit(c) ? Crockford(char.ToUpperInvariant(c).ToString()) : "";
        }

        /// <summary>I and L as 1, O as 0; null for what holds a U.</summary>
        private static string Crockford(string letters)
        {
            return letters.IndexOf('U') >= 0 ? null : letters.Replace('I', '1').Replace('L', '1').Replace('O', '0');
        }

        /// <summary>The characters of the alphabet that a code point is read as; empty for nothing, null for a wrong one.</summary>
        public static string ReadAs(int point)
        {
            if (point < 128) return Ascii[point];
            int low = 0, high = Rows.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (Rows[middle].Last < point) low = middle + 1;
                else high = middle;
            }
            if (low == Rows.Length || Rows[low].First > point) return null;
            string target = Rows[low].Target;
            if (!target.EndsWith("+", StringComparison.Ordinal)) return Crockford(target);
            char last = (char)(target[target.Length - 2] + point - Rows[low].First);
            return Crockford(target.Substring(0, target.Length - 2) + last);
        }

        // A + says that the character before it rises by one with each code point of the range.
        private const string FoldRows = @"
<fold-rows>
80-A9: AA:A AB-B1: B2-B3:2+ B4: B6-B8: B9:1 BA:O BB: BC:14 BD:12 BE:34 BF: D7: DF:SS F7: 131:I 132-133:IJ
13F-140:L 17F:S 1C7-1C9:LJ 1CA-1CC:NJ 1F1-1F3:DZ 2B0:H 2B2:J 2B3:R 2B7:W 2B8:Y 2E1:L 2E2:S 2E3:X 34F: 58A:
5BE: 61C: 115F-1160: 1400: 1680: 17B4-17B5: 1806: 180B-180F: 1D2C:A 1D2E:B 1D30-1D31:D+ 1D33-1D3A:G+ 1D3C:O
1D3E:P 1D3F:R 1D40-1D41:T+ 1D42:W 1D43:A 1D47:B 1D48-1D49:D+ 1D4D:G 1D4F:K 1D50:M 1D52:O 1D56:P 1D57-1D58:T+
1D5B:V 1D62:I 1D63:R 1D64-1D65:U+ 1D9C:C 1DA0:F 1DBB:Z 2000-206F: 2070:0 2071:I 2074-2079:4+ 207B: 207F:N
2080-2089:0+ 208B: 2090:A 2091:E 2092:O 2093:X 2095:H 2096-2099:K+ 209A:P 209B-209C:S+ 20A0-20A7: 20A8:RS
20A9-20CF: 2100:AC 2101:AS 2102-2103:C 2105:CO 2109-210B:F+ 210C-210E:H 2110-2111:I 2112-2113:L 2115:N 2116:NO
2119-211B:P+ 211C-211D:R 2120:SM 2121:TEL 2122:TM 2124:Z 2128:Z 212A:K 212C-212D:B+ 212F-2130:E 2131:F 2133:M
2134:O 2139:I 213B:FAX 2145-2146:D 2147:E 2148-2149:I+ 2150:17 2151:19 2152:110 2153:13 2154:23 2155:15
2156:25 2157:35 2158:45 2159:16 215A:56 215B:18 215C:38 215D:58 215E:78 215F:1 2160:I 2161:II 2162:III 2163:IV
2164:V 2165:VI 2166:VII 2167:VIII 2168:IX 2169:X 216A:XI 216B:XII 216C:L 216D-216E:C+ 216F:M 2170:I 2171:II
2172:III 2173:IV 2174:V 2175:VI 2176:VII 2177:VIII 2178:IX 2179:X 217A:XI 217B:XII 217C:L 217D-217E:C+ 217F:M
2190-245F: 2460-2468:1+ 2469-2472:10+ 2473:20 2474-247C:1+ 247D-2486:10+ 2487:20 2488-2490:1+ 2491-249A:10+
249B:20 249C-24B5:A+ 24B6-24CF:A+ 24D0-24E9:A+ 24EA:0 24EB-2BFF: 2C7C:J 2C7D:V 2E00-2E2E: 2E30-2E7F:
3000-3004: 3008-3020: 3030: 3036-3037: 303D-303F: 30A0: 3164: 3250:PTE 3251-3259:21+ 325A-325F:30+
32B1-32B4:36+ 32B5-32BE:40+ 32BF:50 32CC:HG 32CD:ERG 32CE:EV 32CF:LTD 3371:HPA 3372:DA 3374:BAR 3375:OV
3376:PC 3377:DM 3378-3379:DM2+ 3380:PA 3381:NA 3383:MA 3384-3385:KA+ 3386:MB 3387:GB 3388:CAL 3389:KCAL
338A:PF 338B:NF 338E:MG 338F:KG 3390:HZ 3391:KHZ 3392:MHZ 3393:GHZ 3394:THZ 3396:ML 3397:DL 3398:KL 3399:FM
339A:NM 339C:MM 339D:CM 339E:KM 339F:MM2 33A0:CM2 33A1:M2 33A2:KM2 33A3:MM3 33A4:CM3 33A5:M3 33A6:KM3 33A7:MS
33A8:MS2 33A9:PA 33AA:KPA 33AB:MPA 33AC:GPA 33AD:RAD 33AE:RADS 33AF:RADS2 33B0:PS 33B1:NS 33B3:MS 33B4:PV
33B5:NV 33B7:MV 33B8:KV 33B9:MV 33BA:PW 33BB:NW 33BD:MW 33BE:KW 33BF:MW 33C2:AM 33C3:BQ 33C4-33C5:CC+ 33C6:CKG
33C7:CO 33C8:DB 33C9:GY 33CA:HA 33CB:HP 33CC:IN 33CD:KK 33CE:KM 33CF:KT 33D0-33D1:LM+ 33D2:LOG 33D3:LX 33D4:MB
33D5:MIL 33D6:MOL 33D7:PH 33D8:PM 33D9:PPM 33DA:PR 33DB:SR 33DC:SV 33DD:WB 33DE:VM 33DF:AM 33FF:GAL A7F1:S
A7F2:C A7F3:F A7F4:Q FB00:FF FB01:FI FB02:FL FB03:FFI FB04:FFL FB05-FB06:ST FE00-FE1F: FE30-FE6F: FEFF:
FF01-FF0F: FF10-FF19:0+ FF1A-FF20: FF21-FF3A:A+ FF3B-FF40: FF41-FF5A:A+ FF5B-FF65: FFA0: FFE0-FFFD: 107A5:Q
10D6E: 10EAD: 1BCA0-1BCA3: 1CCD6-1CCEF:A+ 1CCF0-1CCF9:0+ 1D173-1D17A: 1D400-1D419:A+ 1D41A-1D433:A+
1D434-1D44D:A+ 1D44E-1D454:A+ 1D456-1D467:I+ 1D468-1D481:A+ 1D482-1D49B:A+ 1D49C:A 1D49E-1D49F:C+ 1D4A2:G
1D4A5-1D4A6:J+ 1D4A9-1D4AC:N+ 1D4AE-1D4B5:S+ 1D4B6-1D4B9:A+ 1D4BB:F 1D4BD-1D4C3:H+ 1D4C5-1D4CF:P+
1D4D0-1D4E9:A+ 1D4EA-1D503:A+ 1D504-1D505:A+ 1D507-1D50A:D+ 1D50D-1D514:J+ 1D516-1D51C:S+ 1D51E-1D537:A+
1D538-1D539:A+ 1D53B-1D53E:D+ 1D540-1D544:I+ 1D546:O 1D54A-1D550:S+ 1D552-1D56B:A+ 1D56C-1D585:A+
1D586-1D59F:A+ 1D5A0-1D5B9:A+ 1D5BA-1D5D3:A+ 1D5D4-1D5ED:A+ 1D5EE-1D607:A+ 1D608-1D621:A+ 1D622-1D63B:A+
1D63C-1D655:A+ 1D656-1D66F:A+ 1D670-1D689:A+ 1D68A-1D6A3:A+ 1D6A4:I 1D7CE-1D7D7:0+ 1D7D8-1D7E1:0+
1D7E2-1D7EB:0+ 1D7EC-1D7F5:0+ 1D7F6-1D7FF:0+ 1F000-1F0FF: 1F100-1F101:0 1F102-1F10A:1+ 1F10B-1F10F:
1F110-1F129:A+ 1F12A:S 1F12B:C 1F12C:R 1F12D:CD 1F12E:WZ 1F12F: 1F130-1F149:A+ 1F14A:HV 1F14B:MV 1F14C:SD
1F14D:SS 1F14E:PPV 1F14F:WC 1F150-1F169: 1F16A-1F16B:MC+ 1F16C:MR 1F16D-1F18F: 1F190:DJ 1F191-1FAFF:
1FBF0-1FBF9:0+ E0000-E0FFF:
</fold-rows>";

        private static readonly Row[] Rows = ReadRows();

        private static Row[] ReadRows()
        {
            var rows = new List<Row>();
            foreach (string field in FoldRows.Split(' ', '\r', '\n'))
            {
                int colon = field.IndexOf(':');
                if (colon < 0) continue;
                string[] span = field.Substring(0, colon).Split('-');
                rows.Add(new Row
                {
                    First = int.Parse(span[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    Last = int.Parse(span[span.Length - 1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    Target = field.Substring(colon + 1)
                });
            }
            return rows.ToArray();
        }
    }
}
