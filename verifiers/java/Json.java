package mintmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads and writes JSON for the runner: the standard library of Java has nothing for it, and a verifier needs none. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Map, List, String, Long, Boolean or null. The texts that the runner gets are well-formed; any other throws. */
  static Object parse(String text) {
    return new Json(text).value();
  }

  /** The text of a Map, List, String or number. */
  static String write(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream().map(each -> write(each.getKey()) + ":" + write(each.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) return list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
    if (!(value instanceof String string)) return String.valueOf(value);
    return string.chars().mapToObj(Json::escape).collect(Collectors.joining("", "\"", "\""));
  }

  private static String escape(int c) {
    boolean plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    return plain ? Character.toString(c) : String.format("\\u%04x", c);
  }

  private Object value() {
    switch (next()) {
      case '{': return object();
      case '[': return array();
      case '"': return string();
      case 't': at += 3; return true;
      case 'f': at += 4; return false;
      case 'n': at += 3; return null;
      default: return number();
    }
  }

  private Map<String, Object> object() {
    Map<String, Object> object = new LinkedHashMap<>();
    for (char c = next(); c != '}'; c = next()) {
      if (c == ',') c = next();
      String name = string();
      next();
      object.put(name, value());
    }
    return object;
  }

  private List<Object> array() {
    List<Object> array = new ArrayList<>();
    for (char c = next(); c != ']'; c = next()) {
      if (c != ',') at--;
      array.add(value());
    }
    return array;
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
      string.append(c == '\\' ? escaped(text.charAt(at++)) : c);
    }
    return string.toString();
  }

  private char escaped(char c) {
    if (c == 'u') return (char) Integer.parseInt(text, (at += 4) - 4, at, 16);
    int known = "bfnrt".indexOf(c);
    return known < 0 ? c : "\b\f\n\r\t".charAt(known);
  }

  private Long number() {
    int start = --at;
    while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) at++;
    return Long.valueOf(text.substring(start, at));
  }

  /** The next character that is no white space. */
  private char next() {
    while (Character.isWhitespace(text.charAt(at))) at++;
    return text.charAt(at++);
  }
}
