using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Mintmark
{
    using Fields = Dictionary<string, object>;

    /// <summary>Holds LicenseReader to the vectors, and answers `npm run test:verifiers`; a program needs no part of it.</summary>
    internal static class Runner
    {
        private static readonly TextWriter Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        private static int passed, failed;

        private static int Main(string[] args)
        {
            object json = Json.Parse(File.ReadAllText(args[1], Encoding.UTF8));
            switch (args[0])
            {
                case "vectors": JudgeVectors((Fields)json); break;
                case "wycheproof": JudgeWycheproof((Fields)json); break;
                case "speccheck": JudgeSpeccheck(List(json)); break;
                case "read": ReadAll((Fields)json); break;
                case "bench": Bench((Fields)json, double.Parse(args[2], CultureInfo.InvariantCulture)); break;
                default: throw new ArgumentException("vectors, wycheproof, speccheck, read or bench");
            }
            if (passed + failed > 0) Out.Write("{0} passed, {1} failed\n", passed, failed);
            Out.Flush();
            return failed == 0 ? 0 : 1;
        }

        private static void Check(bool right, string name)
        {
            if (right) passed++;
            else failed++;
            if (!right) Out.Write("failed: {0}\n", name);
        }

        private static void JudgeVectors(Fields vectors)
        {
            foreach (Fields each in List(vectors["mint"]))
            {
                var fields = (Fields)each["license"];
                var code = (string)each["code"];
                var reader = new LicenseReader(new ReaderOptions
                {
                    Product = (string)fields["product"], Keyring = KeyringOf(vectors), AllowTest = true,
                    Today = () => Day(fields["issued"]).Value
                });
                License license = reader.Read(code).License;
                Check(license != null && IsSame(license, fields) && Mint(vectors, fields) == code, (string)each["name"]);
            }
            foreach (Fields each in List(vectors["read"]))
            {
                Fields answer = Answer(VerdictOf(each, vectors), each);
                Check(IsWanted(each, answer), each["name"] + ": " + Json.Write(answer));
            }
        }

        private static bool IsSame(License license, Fields fields)
        {
            return license.Id == (string)fields["licenseId"] && license.Product == (string)fields["product"]
                && license.Revision == (int)fields["revision"] && license.Issued == Day(fields["issued"])
                && license.LastValid == Day(fields["lastValid"]) && license.UpdatesUntil == Day(fields["updatesUntil"])
                && license.Seats == (int)fields["seats"] && license.Features == (int)fields["features"]
                && license.Test == (bool)fields["test"] && license.Trial == (bool)fields["trial"]
                && license.KeyId == (int)fields["keyId"];
        }

        private static void JudgeWycheproof(Fields vectors)
        {
            foreach (Fields group in List(vectors["testGroups"]))
            {
                byte[] key = Hex(((Fields)group["publicKey"])["pk"]);
                foreach (Fields each in List(group["tests"]))
                {
                    bool accepted = LicenseReader.VerifyStrict(Hex(each["msg"]), Hex(each["sig"]), key);
                    Check(accepted == ((string)each["result"] == "valid"), "case " + each["tcId"]);
                }
            }
        }

        /// <summary>Of speccheck libsodium accepts case 3 alone.</summary>
        private static void JudgeSpeccheck(List<object> vectors)
        {
            for (int i = 0; i < vectors.Count; i++)
            {
                var each = (Fields)vectors[i];
                bool accepted = LicenseReader.VerifyStrict(Hex(each["message"]), Hex(each["signature"]), Hex(each["pub_key"]));
                Check(accepted == (i == 3), "case " + i);
            }
        }

        private static void ReadAll(Fields vectors)
        {
            var lines = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
            for (string line = lines.ReadLine(); line != null; line = lines.ReadLine())
            {
                var each = (Fields)Json.Parse(line);
                Out.Write(Json.Write(Answer(VerdictOf(each, vectors), each)) + "\n");
            }
        }

        /// <summary>All that a verdict carries.</summary>
        private static Fields Answer(Verdict verdict, Fields each)
        {
            var answer = new Fields { { "verdict", Word(verdict.Kind) } };
            if (verdict.Kind == Kind.NoCode) answer["seen"] = Word(verdict.Seen);
            if (verdict.Kind == Kind.BadCharacter) answer["character"] = verdict.Character;
            if (verdict.Kind == Kind.BadCharacter) answer["position"] = verdict.Number;
            if (verdict.Kind == Kind.TooShort || verdict.Kind == Kind.TooLong) answer["count"] = verdict.Number;
            if (verdict.Group != null) answer["group"] = verdict.Group.Value;
            if (verdict.Kind == Kind.Several) answer["choices"] = verdict.Choices.Select(Choice).ToList();
            if (verdict.License != null)
            {
                answer["code"] = verdict.Code;
                answer["keep"] = verdict.Keep.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            }
            if (verdict.Repaired != null)
            {
                answer["repaired"] = new Fields
                {
                    { "kind", Word(verdict.Repaired.Kind) }, { "position", verdict.Repaired.Position },
                    { "was", verdict.Repaired.Was }, { "is", verdict.Repaired.Is }
                };
            }
            if (each.ContainsKey("features"))
                answer["has"] = List(each["features"]).Where(name => verdict.Has((string)name)).ToList();
            return answer;
        }

        private static object Choice(Verdict verdict)
        {
            return new Fields { { "verdict", Word(verdict.Kind) }, { "code", verdict.Code } };
        }

        /// <summary>Whether all is told that a case of the vectors wants; null is what is not told.</summary>
        private static bool IsWanted(Fields each, Fields answer)
        {
            string[] told =
            {
                "verdict", "code", "repaired", "keep", "choices", "character", "position", "count", "group", "seen", "has"
            };
            return told.Where(each.ContainsKey).All(name =>
                Json.Write(each[name]) == Json.Write(answer.ContainsKey(name) ? answer[name] : null));
        }

        /// <summary>Whole reads of a valid code beside bare signature checks, in turns of 20 ms; the medians.</summary>
        private static void Bench(Fields vectors, double seconds)
        {
            var first = (Fields)List(vectors["mint"])[0];
            var fields = (Fields)first["license"];
            var code = (string)first["code"];
            var reader = new LicenseReader(new ReaderOptions
            {
                Product = (string)fields["product"], Keyring = KeyringOf(vectors), Today = () => Day(fields["issued"]).Value
            });
            byte[] signed = SignedBytes(fields), signature = new byte[64];
            byte[] publicKey = Hex(KeyOf(vectors, (int)fields["keyId"])["publicKey"]);
            Ed25519.Sign(Hex(KeyOf(vectors, (int)fields["keyId"])["seed"]), 0, signed, 0, signed.Length, signature, 0);
            var work = new Func<bool>[]
            {
                () => reader.Read(code).Kind == Kind.Valid,
                () => Ed25519.Verify(signature, 0, publicKey, 0, signed, 0, signed.Length)
            };
            var rates = new[] { new List<double>(), new List<double>() };
            for (var all = Stopwatch.StartNew(); all.Elapsed.TotalSeconds < seconds + 0.5; )
            {
                for (int i = 0; i < 2; i++)
                {
                    var round = Stopwatch.StartNew();
                    int done = 0;
                    for (; round.ElapsedMilliseconds < 20; done++)
                    {
                        if (!work[i]()) throw new InvalidOperationException("the code that is measured does not verify");
                    }
                    if (all.Elapsed.TotalSeconds > 0.5) rates[i].Add(done / round.Elapsed.TotalSeconds); // warm by then
                }
            }
            Out.Write("{\"reads\":" + Median(rates[0]) + ",\"checks\":" + Median(rates[1]) + "}\n");
        }

        private static int Median(List<double> values)
        {
            values.Sort();
            return (int)values[values.Count / 2];
        }

        private static Verdict VerdictOf(Fields each, Fields vectors)
        {
            List<object> revoked = List(each["revoked"]);
            DateTime today = Day(each["today"]).Value;
            return new LicenseReader(new ReaderOptions
            {
                Product = (string)each["product"], Keyring = KeyringOf(vectors), Today = () => today,
                BuildDate = Day(each["buildDate"]), AllowTest = (bool)each["allowTest"], Revoked = id => revoked.Contains(id),
                LatestDay = () => each.ContainsKey("latestDay") ? Day(each["latestDay"]) : null,
                Features = each.ContainsKey("features") ? List(each["features"]).Cast<string>() : null
            }).Read((string)each["input"]);
        }

        private static List<Key> KeyringOf(Fields vectors)
        {
            return List(vectors["keyring"]).Cast<Fields>()
                .Select(key => new Key((int)key["id"], (string)key["mode"], (string)key["publicKey"])).ToList();
        }

        private static Fields KeyOf(Fields vectors, int id)
        {
            return List(vectors["keyring"]).Cast<Fields>().First(key => (int)key["id"] == id);
        }

        /// <summary>The code of a license written anew, by another path than the reader's.</summary>
        private static string Mint(Fields vectors, Fields fields)
        {
            byte[] signed = SignedBytes(fields), signature = new byte[64];
            Ed25519.Sign(Hex(KeyOf(vectors, (int)fields["keyId"])["seed"]), 0, signed, 0, signed.Length, signature, 0);
            List<byte> code = signed.Skip(signed.Length - 34).Concat(signature).ToList();
            int register = 0xffff;
            foreach (byte each in code)
            {
                register ^= each << 8;
                for (int bit = 0; bit < 8; bit++) register = register << 1 ^ ((register & 0x8000) != 0 ? 0x11021 : 0);
            }
            code.AddRange(TwoBytes(register));
            string bits = string.Concat(code.Select(each => Convert.ToString(each, 2).PadLeft(8, '0')));
            return string.Concat(Enumerable.Range(0, 160)
                .Select(i => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Convert.ToInt32(bits.Substring(5 * i, 5), 2)]));
        }

        private static byte[] SignedBytes(Fields fields)
        {
            byte[] product = Encoding.UTF8.GetBytes((string)fields["product"]);
            int features = (int)fields["features"];
            var signed = new List<byte>(Encoding.ASCII.GetBytes("mintmark license v1\0")) { (byte)product.Length };
            signed.AddRange(product);
            signed.Add((byte)(0x10 | ((bool)fields["test"] ? 1 : 0) | ((bool)fields["trial"] ? 2 : 0)));
            signed.Add((byte)(int)fields["keyId"]);
            using (SHA512 sha512 = SHA512.Create()) signed.AddRange(sha512.ComputeHash(product).Take(3));
            signed.AddRange(Hex(((string)fields["licenseId"]).Replace("-", "")));
            signed.AddRange(TwoBytes((int)fields["revision"]));
            foreach (string name in new[] { "issued", "lastValid", "updatesUntil" })
            {
                DateTime? day = Day(fields[name]);
                signed.AddRange(TwoBytes(day == null ? 0 : (int)(day.Value - new DateTime(1970, 1, 1)).TotalDays));
            }
            signed.AddRange(TwoBytes((int)fields["seats"]));
            signed.Add((byte)(features >> 16));
            signed.AddRange(TwoBytes(features & 0xffff));
            return signed.ToArray();
        }

        private static byte[] TwoBytes(int value)
        {
            return new[] { (byte)(value >> 8), (byte)value };
        }

        /// <summary>The word for it in the format: bad-character and the like.</summary>
        private static string Word(Enum kind)
        {
            return string.Concat(kind.ToString().Select((c, i) =>
                (char.IsUpper(c) && i > 0 ? "-" : "") + char.ToLowerInvariant(c)));
        }

        private static DateTime? Day(object text)
        {
            if (text == null) return null;
            return DateTime.ParseExact((string)text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        private static byte[] Hex(object text)
        {
            var hex = (string)text;
            return Enumerable.Range(0, hex.Length / 2)
                .Select(i => byte.Parse(hex.Substring(2 * i, 2), NumberStyles.AllowHexSpecifier)).ToArray();
        }

        private static List<object> List(object json)
        {
            return (List<object>)json;
        }
    }
}
