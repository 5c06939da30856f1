//! What the reader of TOML says, in the words of those who write packs.

/// What is said of a file that is no TOML at all; `None` for one that may be.
pub(super) fn other_format(text: &str) -> Option<&'static str> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let json = "is a JSON file, and packs are written in TOML: see docs/packs.md";
    if first.starts_with('{') {
        return Some(json);
    }
    if let Some(rest) = first.strip_prefix('[') {
        let next = rest.trim_start();
        return (next.is_empty() || next.starts_with(['{', '"', ']'])).then_some(json);
    }
    if first.starts_with('<') {
        return Some("is an HTML or XML file, and packs are written in TOML: see docs/packs.md");
    }
    let is_table = !first.contains('=') && first.contains([',', ';', '\t']);
    is_table.then_some(
        "is a table (CSV), and packs are written in TOML: see docs/packs.md. Tables are for spreadsheets and can't be \
         imported",
    )
}

/// What is wrong with the form of a piece of TOML.
pub(super) fn of_syntax(message: &str) -> String {
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if says(&["duplicate key"]) {
        "the field stands twice in this record; keep one of them".to_owned()
    } else if says(&["key with no value", "missing assignment"]) {
        "this line is neither a heading like [[entity]] nor a field like name = \"The name\"".to_owned()
    } else if says(&["string values must be quoted", "unquoted string", "missing opening quote"]) {
        "a text stands in quotation marks, like name = \"The name\"".to_owned()
    } else if says(&["missing value", "invalid value"]) {
        "nothing that can be read stands after the equals sign; a text stands in quotation marks".to_owned()
    } else if says(&["invalid basic string", "invalid literal string"]) {
        "the text in quotation marks isn't closed on this line, or has a sign in it that must be written with a \
         backslash: \\\" for a quotation mark, \\\\ for a backslash"
            .to_owned()
    } else if says(&["invalid multi-line"]) {
        "the text between three quotation marks isn't closed, or has a sign in it that must be written with a backslash"
            .to_owned()
    } else if says(&["unclosed array", "missing comma between array", "in array"]) {
        "the list isn't closed with ], or a comma is missing between two parts of it".to_owned()
    } else if says(&["inline table", "missing comma between key-value"]) {
        "the braces aren't closed with }, or a comma is missing between two fields in them".to_owned()
    } else if says(&["date", "leading zero", "integer", "number", "radix"]) {
        "this is no number and no date; a date is written like said = \"2022-10-26\", \"2022-10\" or \"2022\""
            .to_owned()
    } else if says(&["recursion"]) {
        "brackets stand within brackets too deep".to_owned()
    } else {
        format!("this isn't TOML as it should be: {message}")
    }
}

/// What is wrong with the value of a field, or with a field that isn't known.
pub(super) fn of_value(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("missing field ") {
        return format!("{} is missing", bare(rest));
    }
    if let Some((name, known)) = message.strip_prefix("unknown field ").and_then(|rest| rest.split_once(", ")) {
        return format!("there is no field {}; there are {}", bare(name), listed(known));
    }
    if let Some((word, known)) = message.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", ")) {
        return format!("“{}” is none of {}", bare(word), listed(known));
    }
    let of_type = message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "));
    if let Some((found, expected)) = of_type {
        return format!("here stands {}, and it must be {}", in_words(found), in_words(expected));
    }
    if message.starts_with("wanted string or table") || message.starts_with("wanted exactly 1 element") {
        return "it must be a word in quotation marks".to_owned();
    }
    message.to_owned()
}

/// A name without the marks around it.
fn bare(name: &str) -> &str {
    name.trim_matches('`')
}

/// The words that are allowed: of "expected one of `a`, `b`" "a, b".
fn listed(known: &str) -> String {
    let words = known.trim_start_matches("expected one of ").trim_start_matches("expected ");
    words.replace(" or ", ", ").split(", ").map(bare).collect::<Vec<_>>().join(", ")
}

/// A type of TOML or of ours, as it is written.
fn in_words(kind: &str) -> String {
    let (word, value) = kind.split_once(' ').unwrap_or((kind, ""));
    let value = value.trim_matches('`');
    match word {
        "string" => "a text in quotation marks".to_owned(),
        "a" if kind == "a string" => "a text in quotation marks".to_owned(),
        "a" if kind == "a sequence" => "a list in square brackets".to_owned(),
        "a" if kind == "a map" => "fields in braces, like { source = \"key\", role = \"original\" }".to_owned(),
        "sequence" => "a list in square brackets".to_owned(),
        "map" => "fields in braces".to_owned(),
        "struct" => "fields in braces, like { on = \"2022-10-26\", reason = \"Why.\" }".to_owned(),
        "integer" => format!("the number {value}"),
        "floating" => format!("the number {}", value.trim_start_matches("point ").trim_matches('`')),
        "boolean" => format!("the word {value} without quotation marks"),
        _ => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_format_is_known_and_toml_is_taken_for_none() {
        for json in ["{\"entity\": []}", "[\n  {", "[{\"key\": 1}]", "\u{feff}{}", "[]"] {
            assert!(other_format(json).is_some_and(|words| words.contains("JSON")), "{json}");
        }
        for table in ["key,name\na,b", "key;name", "id\trecord\n"] {
            assert!(other_format(table).is_some_and(|words| words.contains("CSV")), "{table}");
        }
        assert!(other_format("<!DOCTYPE html>").is_some());
        for toml in ["", "# a, b\n[[entity]]", "[entity]", "[ [ entity ] ]", "key = \"a, b\"", "a.b = [1, 2]", "word"] {
            assert_eq!(other_format(toml), None, "{toml}");
        }
    }
}
