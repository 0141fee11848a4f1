using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Mintmark
{
    /// <summary>Reads and writes JSON for the runner, which mono and .NET can both build; a verifier needs none.</summary>
    internal sealed class Json
    {
        private readonly string text;
        private int at;

        private Json(string text)
        {
            this.text = text;
        }

        /// <summary>Dictionary, List, string, int, bool or null. What the runner gets is well-formed; all else throws.</summary>
        public static object Parse(string text)
        {
            return new Json(text).Value();
        }

        /// <summary>The text of what Parse may give, members in their order.</summary>
        public static string Write(object value)
        {
            var members = value as Dictionary<string, object>;
            if (members != null)
                return "{" + string.Join(",", members.Select(member => Quoted(member.Key) + ":" + Write(member.Value))) + "}";
            var items = value as List<object>;
            if (items != null) return "[" + string.Join(",", items.Select(Write)) + "]";
            var word = value as string;
            if (word != null) return Quoted(word);
            return value == null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture).ToLowerInvariant();
        }

        private static string Quoted(string word)
        {
            return "\"" + string.Concat(word.Select(c =>
                c >= ' ' && c < 0x7f && c != '"' && c != '\\' ? c.ToString() : "\\u" + ((int)c).ToString("x4"))) + "\"";
        }

        private object Value()
        {
            switch (Next())
            {
                case '{': return Object();
                case '[': return Array();
                case '"': return String();
                case 't': at += 3; return true;
                case 'f': at += 4; return false;
                case 'n': at += 3; return null;
                default: return Number();
            }
        }

        private Dictionary<string, object> Object()
        {
            var members = new Dictionary<string, object>();
            for (char c = Next(); c != '}'; c = Next())
            {
                if (c == ',') Next();
                string name = String();
                Next();
                members[name] = Value();
            }
            return members;
        }

        private List<object> Array()
        {
            var items = new List<object>();
            for (char c = Next(); c != ']'; c = Next())
            {
                if (c != ',') at--;
                items.Add(Value());
            }
            return items;
        }

        private string String()
        {
            var characters = new StringBuilder();
            for (char c = text[at++]; c != '"'; c = text[at++]) characters.Append(c == '\\' ? Escaped(text[at++]) : c);
            return characters.ToString();
        }

        private char Escaped(char c)
        {
            if (c == 'u')
            {
                at += 4;
                return (char)int.Parse(text.Substring(at - 4, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }
            int known = "bfnrt".IndexOf(c);
            return known < 0 ? c : "\b\f\n\r\t"[known];
        }

        private int Number()
        {
            int start = --at;
            while (at < text.Length && "-0123456789".IndexOf(text[at]) >= 0) at++;
            return int.Parse(text.Substring(start, at - start), CultureInfo.InvariantCulture);
        }

        /// <summary>The next character that is no white space.</summary>
        private char Next()
        {
            while (" \t\r\n".IndexOf(text[at]) >= 0) at++;
            return text[at++];
        }
    }
}
