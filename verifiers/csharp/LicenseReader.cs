using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

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
        /// <summary>Tells the UTC day at each reading; null for the computer's clock.</summary>
        public Func<DateTime> Today;
        /// <summary>The UTC day the program was built on; null for updates without end.</summary>
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

    /// <summary>In the order in which they are judged: the first that applies is the verdict.</summary>
    public enum Kind
    {
        Empty, BadCharacter, TooShort, TooLong, Mistyped, UnsupportedVersion, WrongProduct, UnknownKey, Forged,
        TestCode, NotYetValid, Revoked, Expired, UpdatesEnded, Valid
    }

    /// <summary>What became of a text. Only Kind.Valid is licensed.</summary>
    public sealed class Verdict
    {
        public readonly Kind Kind;
        /// <summary>From Kind.TestCode on.</summary>
        public readonly License License;
        /// <summary>
        /// BadCharacter: its position in the cleaned text, from 1. TooShort, TooLong: the count of characters.
        /// UnsupportedVersion: the version. UnknownKey: the key id.
        /// </summary>
        public readonly int Number;
        /// <summary>BadCharacter: as it was pasted.</summary>
        public readonly string Character;

        internal Verdict(Kind kind, int number = 0, License license = null, string character = null)
        {
            Kind = kind;
            Number = number;
            License = license;
            Character = character;
        }

        /// <summary>One sentence for the user, which holds nothing of what was pasted.</summary>
        public string Explain()
        {
            switch (Kind)
            {
                case Kind.Empty: return "paste your license code";
                case Kind.BadCharacter: return "character " + Written(Number) + " does not belong in a license code";
                case Kind.TooShort: return "this is " + Written(Number) + " of 160 characters: copy the whole line";
                case Kind.TooLong:
                    return "this is " + Written(Number) + " characters instead of 160: copy only the line with the code";
                case Kind.Mistyped: return "a character is wrong: paste it again";
                case Kind.UnsupportedVersion: return "this license was made for a newer version of this program";
                case Kind.WrongProduct: return "this license is for another product";
                case Kind.UnknownKey: return "update the program, then try again";
                case Kind.Forged: return "this is not a genuine license";
                case Kind.TestCode: return "this is a test license";
                case Kind.NotYetValid: return "this license begins in the future: check the date of your computer";
                case Kind.Revoked: return "this license was withdrawn (refunded, for example)";
                case Kind.Expired: return "this license expired on " + Written(License.LastValid);
                case Kind.UpdatesEnded: return "this license covers versions built until " + Written(License.UpdatesUntil);
                default: return "licensed";
            }
        }

        /// <summary>In no culture: some have other digits, and other calendars.</summary>
        private static string Written(IFormattable value)
        {
            return value.ToString(value is DateTime ? "yyyy-MM-dd" : null, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>
    /// Verifies Mintmark license codes, version 1, with no network. Copy this file into your program, and add the package
    /// BouncyCastle.Cryptography: .NET has no Ed25519 of its own.
    /// <code>
    /// var keys = new[] { new Key(1, "live", "7e7dea50120b...94fb") };           // from keyring.json
    /// var reader = new LicenseReader(new ReaderOptions { Product = "acme-editor", Keyring = keys });
    /// var verdict = reader.Read(pasted);
    /// if (verdict.Kind == Kind.Valid) Unlock(verdict.License.Seats); else Tell(verdict.Explain());
    /// </code>
    /// A reader may be used by many threads. No text makes Read throw. Long, so that there is but one file to copy.
    /// </summary>
    public sealed class LicenseReader
    {
        private sealed class VerifyingKey
        {
            public bool Test;
            public byte[] Bytes;
        }

        private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        private static readonly int[] Values = Enumerable.Range(0, 128).Select(c => Alphabet.IndexOf((char)c)).ToArray();
        private const int CodeLength = 160;
        private const string HexDigits = "0123456789abcdef";
        private const int ClockSkewDays = 2;
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        private readonly string product;
        private readonly byte[] tag, prefix;
        private readonly Dictionary<int, VerifyingKey> keys = new Dictionary<int, VerifyingKey>();
        private readonly Func<DateTime> today;
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
            product = options.Product;
            today = options.Today ?? (() => DateTime.UtcNow);
            buildDate = options.BuildDate;
            allowTest = options.AllowTest;
            revoked = options.Revoked ?? (licenseId => false);
            prefix = Join(Encoding.ASCII.GetBytes("mintmark license v1\0"), new[] { (byte)id.Length }, id);
            using (SHA512 sha512 = SHA512.Create()) tag = Slice(sha512.ComputeHash(id), 0, 3);
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

        /// <summary>The first verdict that applies to what was pasted. Throws only what Today or Revoked throws.</summary>
        public Verdict Read(string text)
        {
            Piece piece = PastedText.Clean(text ?? "");
            if (piece.Foreign != null) return new Verdict(Kind.BadCharacter, piece.Count + 1, null, piece.Foreign);
            if (piece.Count == 0) return new Verdict(Kind.Empty);
            if (piece.Count < CodeLength) return new Verdict(Kind.TooShort, piece.Count);
            return piece.Count > CodeLength ? new Verdict(Kind.TooLong, piece.Count) : Judge(Unarmor(piece.Letters));
        }

        private Verdict Judge(byte[] code)
        {
            if (Crc16(code, 98) != Two(code, 98)) return new Verdict(Kind.Mistyped);
            int version = code[0] >> 4;
            if (version != 1 || (code[0] & 12) != 0) return new Verdict(Kind.UnsupportedVersion, version);
            if (!SameBytes(code, 2, tag)) return new Verdict(Kind.WrongProduct);
            VerifyingKey key;
            if (!keys.TryGetValue(code[1], out key)) return new Verdict(Kind.UnknownKey, code[1]);
            bool test = (code[0] & 1) != 0;
            byte[] signed = Join(prefix, Slice(code, 0, 34));
            if (test != key.Test || !VerifyStrict(signed, Slice(code, 34, 64), key.Bytes)) return new Verdict(Kind.Forged);
            var license = new License
            {
                Id = FormatId(code),
                Product = product, Revision = Two(code, 21), Issued = Epoch.AddDays(Two(code, 23)),
                LastValid = DayOrNone(Two(code, 25)), UpdatesUntil = DayOrNone(Two(code, 27)), Seats = Two(code, 29),
                Features = code[31] << 16 | Two(code, 32), Test = test, Trial = (code[0] & 2) != 0, KeyId = code[1]
            };
            return new Verdict(JudgeLicense(license), 0, license);
        }

        private Kind JudgeLicense(License license)
        {
            if (license.Test && !allowTest) return Kind.TestCode;
            DateTime now = today().Date;
            if ((license.Issued - now).TotalDays > ClockSkewDays) return Kind.NotYetValid;
            if (revoked(license.Id)) return Kind.Revoked;
            if (license.LastValid < now) return Kind.Expired;
            return license.UpdatesUntil < (buildDate ?? Epoch).Date ? Kind.UpdatesEnded : Kind.Valid;
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

        private static byte[] Unarmor(char[] letters)
        {
            var code = new byte[100];
            for (int i = 0, held = 0; i < CodeLength; i++)
            {
                held = (held << 5 | Values[letters[i]]) & 0xffff;
                int bits = 5 * (i + 1);
                if (bits % 8 < 5) code[bits / 8 - 1] = (byte)(held >> bits % 8);
            }
            return code;
        }

        /// <summary>CRC-16/CCITT-FALSE of the first bytes; a byte at once, as 0x1021 has the bits 12, 5 and 0.</summary>
        private static int Crc16(byte[] bytes, int length)
        {
            int register = 0xffff;
            for (int i = 0; i < length; i++)
            {
                int top = register >> 8 ^ bytes[i];
                top ^= top >> 4;
                register = (register << 8 ^ top << 12 ^ top << 5 ^ top) & 0xffff;
            }
            return register;
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

    /// <summary>A text cleaned, up to its first foreign character.</summary>
    internal sealed class Piece
    {
        /// <summary>The first 320.</summary>
        public readonly char[] Letters = new char[320];
        public int Count;
        /// <summary>Null for none.</summary>
        public string Foreign;

        public bool IsCode
        {
            get { return Foreign == null && Count == 160; }
        }

        /// <summary>False, and the piece ends, if the letter is not in the alphabet.</summary>
        public bool Add(char letter)
        {
            if (letter >= 'a' && letter <= 'z') letter -= ' ';
            if (letter == 'I' || letter == 'L') letter = '1';
            if (letter == 'O') letter = '0';
            bool inAlphabet = letter >= '0' && letter <= '9' || letter >= 'A' && letter <= 'Z' && letter != 'U';
            if (!inAlphabet) return false;
            if (Count < 320) Letters[Count] = letter;
            Count++;
            return true;
        }
    }

    /// <summary>From what a person pasted to the characters that are judged.</summary>
    internal static class PastedText
    {
        /// <summary>UTF-16 units of a text that are looked at.</summary>
        private const int Longest = 1 << 23;
        /// <summary>No unit of a text makes more than four characters, so a shorter piece is no code.</summary>
        private const int Shortest = 40;
        private const string LineBreaks = "\n\v\f\r\u0085\u2028\u2029";
        /// <summary>As Unicode has it; char.IsWhiteSpace differs between systems.</summary>
        private const string WhiteSpace = LineBreaks + " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
            + "\u2008\u2009\u200a\u202f\u205f\u3000";

        /// <summary>The code, if the text is one or exactly one of its lines or words is; otherwise all of it.</summary>
        public static Piece Clean(string text)
        {
            int end = Math.Min(text.Length, Longest);
            Piece whole = CleanPiece(text, 0, end);
            if (whole.Foreign == null && whole.Count == 320 && IsDoubled(whole.Letters)) whole.Count = 160;
            if (whole.IsCode) return whole;
            Piece found = null;
            foreach (var line in Parts(text, 0, end, LineBreaks))
            {
                foreach (Piece code in CodesIn(text, line.Key, line.Value))
                {
                    if (found != null) return whole;
                    found = code;
                }
            }
            return found ?? whole;
        }

        /// <summary>A line that is a code counts once, not again for the word that it holds.</summary>
        private static IEnumerable<Piece> CodesIn(string text, int start, int end)
        {
            Piece line = CleanPiece(text, start, end);
            if (line.IsCode)
            {
                yield return line;
                yield break;
            }
            foreach (var word in Parts(text, start, end, WhiteSpace))
            {
                Piece piece = CleanPiece(text, word.Key, word.Value);
                if (piece.IsCode) yield return piece;
            }
        }

        /// <summary>Start and end of what stands between separators and is long enough for a code.</summary>
        private static IEnumerable<KeyValuePair<int, int>> Parts(string text, int start, int end, string separators)
        {
            for (int at = start; at <= end; at++)
            {
                if (at < end && separators.IndexOf(text[at]) < 0) continue;
                if (at - start >= Shortest) yield return new KeyValuePair<int, int>(start, at);
                start = at + 1;
            }
        }

        private static bool IsDoubled(char[] letters)
        {
            for (int i = 0; i < 160; i++) if (letters[i] != letters[160 + i]) return false;
            return true;
        }

        private static Piece CleanPiece(string text, int start, int end)
        {
            var piece = new Piece();
            for (int at = start; at < end; at++)
            {
                char unit = text[at];
                if (unit < 0x80)
                {
                    if (piece.Add(unit) || unit >= '\t' && unit <= '\r' || " >*_`-".IndexOf(unit) >= 0) continue;
                    piece.Foreign = unit.ToString().ToUpperInvariant();
                    return piece;
                }
                bool isPair = char.IsHighSurrogate(unit) && at + 1 < end && char.IsLowSurrogate(text[at + 1]);
                int point = isPair ? char.ConvertToUtf32(unit, text[at + 1]) : unit;
                if (!AddFolded(piece, point))
                {
                    piece.Foreign = text.Substring(at, isPair ? 2 : 1);
                    return piece;
                }
                if (isPair) at++;
            }
            return piece;
        }

        private static bool AddFolded(Piece piece, int point)
        {
            int low = 0, high = Rows.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (Rows[middle].Last < point) low = middle + 1;
                else high = middle;
            }
            if (low == Rows.Length || point < Rows[low].First) return false;
            Row row = Rows[low];
            for (int i = 0; i < row.Target.Length; i++)
            {
                bool rising = row.Rises && i == row.Target.Length - 1;
                if (!piece.Add((char)(row.Target[i] + (rising ? point - row.First : 0)))) return false;
            }
            return true;
        }

        /// <summary>What each code point of a range is read as; the last letter may rise with them.</summary>
        private sealed class Row
        {
            public int First, Last;
            public string Target;
            public bool Rises;
        }

        // A table, as string.Normalize throws on lone surrogates, and knows other characters on each system.
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
                    Target = field.Substring(colon + 1).TrimEnd('+'),
                    Rises = field.EndsWith("+", StringComparison.Ordinal)
                });
            }
            return rows.ToArray();
        }
    }
}
