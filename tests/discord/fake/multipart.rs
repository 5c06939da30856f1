//! Takes a `multipart/form-data` body apart, as far as Discord's API uses it.

/// A file that came with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UploadedFile {
    /// The form field, such as `files[0]`.
    pub(crate) field: String,
    /// The file's name.
    pub(crate) name: String,
    /// The declared media type.
    pub(crate) media_type: Option<String>,
    /// The content.
    pub(crate) bytes: Vec<u8>,
}

/// The parts of a form: the text of `payload_json`, and the files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) payload_json: Option<String>,
    pub(super) files: Vec<UploadedFile>,
}

/// Parses a body with the boundary from its content type. `None` if it is malformed.
pub(super) fn parse(content_type: &str, body: &[u8]) -> Option<Form> {
    let boundary = content_type.split("boundary=").nth(1)?.split(';').next()?.trim_matches('"');
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter has no line break before it.
    let body = [b"\r\n", body].concat();
    let mut form = Form::default();
    let mut rest = after(&body, delimiter.as_bytes())?;
    while !rest.starts_with(b"--") {
        let end = find(rest, delimiter.as_bytes())?;
        part(rest.get(2..end)?, &mut form)?;
        rest = &rest[end + delimiter.len()..];
    }
    Some(form)
}

fn part(part: &[u8], form: &mut Form) -> Option<()> {
    let end = find(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&part[..end]).ok()?;
    let content = &part[end + 4..];
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let disposition = header("content-disposition")?;
    let attribute = |name: &str| {
        disposition.split(';').find_map(|it| {
            let (key, value) = it.trim().split_once('=')?;
            (key == name).then(|| value.trim_matches('"').to_owned())
        })
    };
    let field = attribute("name")?;
    if field == "payload_json" {
        form.payload_json = Some(String::from_utf8(content.to_vec()).ok()?);
    } else if let Some(name) = attribute("filename") {
        let media_type = header("content-type").map(str::to_owned);
        form.files.push(UploadedFile { field, name, media_type, bytes: content.to_vec() });
    }
    Some(())
}

fn after<'a>(bytes: &'a [u8], what: &[u8]) -> Option<&'a [u8]> {
    find(bytes, what).map(|at| &bytes[at + what.len()..])
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_gives_its_json_and_its_files() {
        let body = concat!(
            "--x\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.txt\"\r\n",
            "Content-Type: text/plain\r\n\r\none\r\ntwo\r\n",
            "--x\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{}\r\n--x--\r\n",
        );
        let form = parse("multipart/form-data; boundary=x", body.as_bytes()).expect("a form");
        assert_eq!(form.payload_json.as_deref(), Some("{}"));
        assert_eq!(form.files[0].name, "a.txt");
        assert_eq!(form.files[0].bytes, b"one\r\ntwo");
        assert_eq!(parse("multipart/form-data; boundary=x", b"--x\r\n"), None);
    }
}
