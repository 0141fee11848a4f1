package mintmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Holds LicenseReader to the vectors, and answers `npm run test:verifiers`; a program needs no more than LicenseReader. */
public final class Runner {
  private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  /** Members of a case that say what is to be answered, where they are there. */
  private static final List<String> TOLD = List.of("verdict", "code", "repaired", "keep", "choices", "character",
      "position", "count", "group", "seen", "has");
  private static int passed;
  private static int failed;

  public static void main(String[] args) throws IOException, GeneralSecurityException {
    Object json = Json.parse(Files.readString(Path.of(args[1])));
    switch (args[0]) {
      case "vectors" -> vectors(map(json));
      case "wycheproof" -> wycheproof(map(json));
      case "speccheck" -> speccheck(list(json));
      case "read" -> read(map(json));
      case "bench" -> bench(map(json), Double.parseDouble(args[2]));
      default -> throw new IllegalArgumentException("vectors, wycheproof, speccheck, read or bench");
    }
    if (passed + failed > 0) OUT.println(passed + " passed, " + failed + " failed");
    OUT.flush();
    System.exit(failed == 0 ? 0 : 1);
  }

  private static void check(boolean right, String name) {
    if (right) passed++;
    else failed++;
    if (!right) OUT.println("failed: " + name);
  }

  private static void vectors(Map<String, Object> vectors) throws GeneralSecurityException {
    List<LicenseReader.Key> keyring = keyring(vectors);
    for (Object each : list(vectors.get("mint"))) {
      Map<String, Object> fields = map(map(each).get("license"));
      String code = string(map(each), "code");
      var reader = LicenseReader.of(string(fields, "product"), keyring).today(() -> day(fields, "issued"))
          .allowTest(true).build();
      boolean right = licenseOf(fields).equals(reader.read(code).license());
      String minted = mint(licenseOf(fields), seed(vectors, number(fields, "keyId")));
      check(right && code.equals(minted), string(map(each), "name"));
    }
    for (Object each : list(vectors.get("read"))) {
      Map<String, Object> expected = map(each);
      Map<String, Object> answer = answer(expected, keyring);
      boolean right = TOLD.stream().filter(expected::containsKey)
          .allMatch(name -> Objects.equals(expected.get(name), answer.get(name)));
      check(right, string(expected, "name") + ": " + answer);
    }
  }

  private static void wycheproof(Map<String, Object> vectors) {
    for (Object group : list(vectors.get("testGroups"))) {
      byte[] key = bytes(map(map(group).get("publicKey")), "pk");
      for (Object each : list(map(group).get("tests"))) {
        boolean accepted = LicenseReader.verifyStrict(bytes(map(each), "msg"), bytes(map(each), "sig"), key);
        check(accepted == string(map(each), "result").equals("valid"), "case " + map(each).get("tcId"));
      }
    }
  }

  /** Of speccheck libsodium accepts case 3 alone. */
  private static void speccheck(List<Object> vectors) {
    for (int i = 0; i < vectors.size(); i++) {
      Map<String, Object> each = map(vectors.get(i));
      byte[] key = bytes(each, "pub_key");
      check(LicenseReader.verifyStrict(bytes(each, "message"), bytes(each, "signature"), key) == (i == 3), "case " + i);
    }
  }

  private static void read(Map<String, Object> vectors) throws IOException {
    List<LicenseReader.Key> keyring = keyring(vectors);
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      OUT.println(Json.write(answer(map(Json.parse(line)), keyring)));
    }
  }

  /** Whole reads of a valid code beside bare signature checks, in turns of 50 ms; the medians. */
  private static void bench(Map<String, Object> vectors, double seconds) throws GeneralSecurityException {
    Map<String, Object> first = map(list(vectors.get("mint")).get(0));
    Map<String, Object> fields = map(first.get("license"));
    String code = string(first, "code");
    LocalDate today = day(fields, "issued");
    var reader = LicenseReader.of(string(fields, "product"), keyring(vectors)).today(() -> today).build();
    byte[] seed = seed(vectors, number(fields, "keyId"));
    byte[] signed = signedBytes(licenseOf(fields));
    byte[] signature = sign(signed, seed);
    PublicKey key = LicenseReader.parseKey(HexFormat.of().parseHex(keyring(vectors).get(0).publicKey()));
    Runnable whole = () -> require(reader.read(code).isValid());
    Runnable bare = () -> require(verifyBare(signed, signature, key));
    List<List<Double>> rates = List.of(new ArrayList<>(), new ArrayList<>());
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < (seconds + 2) * 1e9) {
      for (int i = 0; i < 2; i++) {
        long start = System.nanoTime();
        int done = 0;
        for (; System.nanoTime() - start < 50_000_000L; done++) (i == 0 ? whole : bare).run();
        double rate = done * 1e9 / (System.nanoTime() - start);
        if (System.nanoTime() - begun > 2e9) rates.get(i).add(rate); // warm by then
      }
    }
    OUT.printf("{\"reads\":%d,\"checks\":%d}%n", median(rates.get(0)), median(rates.get(1)));
  }

  private static long median(List<Double> values) {
    values.sort(null);
    return Math.round(values.get(values.size() / 2));
  }

  private static boolean verifyBare(byte[] message, byte[] signature, PublicKey key) {
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(key);
      ed25519.update(message);
      return ed25519.verify(signature);
    } catch (GeneralSecurityException cause) {
      throw new IllegalStateException(cause);
    }
  }

  private static void require(boolean right) {
    if (!right) throw new IllegalStateException("the code that is measured does not verify");
  }

  /** What the verdict on a case carries, by the names of the vectors. */
  private static Map<String, Object> answer(Map<String, Object> each, List<LicenseReader.Key> keyring) {
    LocalDate today = day(each, "today");
    List<Object> features = each.containsKey("features") ? list(each.get("features")) : List.of();
    LicenseReader.Verdict verdict = LicenseReader.of(string(each, "product"), keyring).today(() -> today)
        .buildDate(day(each, "buildDate")).latestDay(day(each, "latestDay")).allowTest((Boolean) each.get("allowTest"))
        .features(features.toArray(String[]::new)).revoked(list(each.get("revoked"))::contains).build()
        .read(string(each, "input"));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("verdict", verdict.kind().toString());
    if (verdict.seen() != null) answer.put("seen", verdict.seen().toString());
    if (verdict.character() != null) answer.put("character", verdict.character());
    if (verdict.position() != 0) answer.put("position", (long) verdict.position());
    if (verdict.count() != 0) answer.put("count", (long) verdict.count());
    if (verdict.group() != 0) answer.put("group", (long) verdict.group());
    if (verdict.code() != null) answer.put("code", verdict.code());
    if (verdict.keep() != null) answer.put("keep", verdict.keep().toString());
    LicenseReader.Repaired slip = verdict.repaired();
    if (slip != null) {
      answer.put("repaired", Map.of("kind", slip.kind().toString(), "position", (long) slip.position(),
          "was", slip.was(), "is", slip.is()));
    }
    if (!verdict.choices().isEmpty()) {
      answer.put("choices", verdict.choices().stream()
          .map(choice -> Map.of("verdict", choice.kind().toString(), "code", choice.code())).toList());
    }
    if (each.containsKey("features")) {
      answer.put("has", features.stream().filter(name -> verdict.has((String) name)).toList());
    }
    if (verdict.explain().isEmpty()) throw new IllegalStateException("nothing is told");
    return answer;
  }

  private static List<LicenseReader.Key> keyring(Map<String, Object> vectors) {
    return list(vectors.get("keyring")).stream().map(Runner::map)
        .map(key -> new LicenseReader.Key(number(key, "id"), string(key, "mode"), string(key, "publicKey"))).toList();
  }

  private static byte[] seed(Map<String, Object> vectors, int keyId) {
    var key = list(vectors.get("keyring")).stream().map(Runner::map).filter(each -> number(each, "id") == keyId);
    return bytes(key.findFirst().orElseThrow(), "seed");
  }

  private static LicenseReader.License licenseOf(Map<String, Object> fields) {
    return new LicenseReader.License(string(fields, "licenseId"), string(fields, "product"), number(fields, "revision"),
        day(fields, "issued"), day(fields, "lastValid"), day(fields, "updatesUntil"), number(fields, "seats"),
        number(fields, "features"), (Boolean) fields.get("test"), (Boolean) fields.get("trial"), number(fields, "keyId"));
  }

  /** The record of a license, its signature and its check digits, written anew: the other way than the reader's. */
  private static String mint(LicenseReader.License license, byte[] seed) throws GeneralSecurityException {
    byte[] signed = signedBytes(license);
    ByteBuffer code = ByteBuffer.allocate(100).put(signed, signed.length - 34, 34).put(sign(signed, seed));
    code.putChar((char) crc16(code.array(), 98));
    String number = new BigInteger(1, code.array()).toString(32).toUpperCase(Locale.ROOT);
    return number.chars().mapToObj(c -> "0123456789ABCDEFGHJKMNPQRSTVWXYZ".substring(Character.digit(c, 32)).substring(0, 1))
        .collect(Collectors.joining());
  }

  /** CRC-16/CCITT-FALSE of the first bytes. */
  private static int crc16(byte[] bytes, int length) {
    int register = 0xffff;
    for (int i = 0; i < length; i++) {
      register ^= (bytes[i] & 255) << 8;
      for (int bit = 0; bit < 8; bit++) register = register << 1 ^ ((register & 0x8000) != 0 ? 0x11021 : 0);
    }
    return register;
  }

  private static byte[] signedBytes(LicenseReader.License license) throws GeneralSecurityException {
    byte[] product = license.product().getBytes(StandardCharsets.UTF_8);
    byte[] tag = MessageDigest.getInstance("SHA-512").digest(product);
    ByteBuffer signed = ByteBuffer.allocate(21 + product.length + 34);
    signed.put("mintmark license v1\0".getBytes(StandardCharsets.UTF_8)).put((byte) product.length).put(product);
    signed.put((byte) (0x10 | (license.test() ? 1 : 0) | (license.trial() ? 2 : 0))).put((byte) license.keyId());
    signed.put(tag, 0, 3).put(HexFormat.of().parseHex(license.id().replace("-", ""))).putChar((char) license.revision());
    for (LocalDate day : Arrays.asList(license.issued(), license.lastValid(), license.updatesUntil())) {
      signed.putChar(day == null ? 0 : (char) day.toEpochDay());
    }
    return signed.putChar((char) license.seats()).put((byte) (license.features() >> 16)).putChar((char) license.features())
        .array();
  }

  private static byte[] sign(byte[] message, byte[] seed) throws GeneralSecurityException {
    var spec = new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed);
    Signature ed25519 = Signature.getInstance("Ed25519");
    ed25519.initSign(KeyFactory.getInstance("Ed25519").generatePrivate(spec));
    ed25519.update(message);
    return ed25519.sign();
  }

  private static byte[] bytes(Map<String, Object> object, String name) {
    return HexFormat.of().parseHex(string(object, name));
  }

  private static LocalDate day(Map<String, Object> object, String name) {
    return object.get(name) == null ? null : LocalDate.parse(string(object, name));
  }

  private static int number(Map<String, Object> object, String name) {
    return ((Long) object.get(name)).intValue();
  }

  private static String string(Map<String, Object> object, String name) {
    return (String) object.get(name);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object json) {
    return (Map<String, Object>) json;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object json) {
    return (List<Object>) json;
  }
}
