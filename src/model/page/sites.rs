//! Sites that show one page under several paths.

use super::Parts;

/// Takes the parts of an address on such a site for those that its page is compared by.
pub(super) fn settle(parts: &mut Parts) {
    match parts.host.as_str() {
        "youtube.com" | "youtu.be" => video(parts),
        "twitter.com" => post(parts),
        "reddit.com" | "redd.it" => thread(parts),
        "instagram.com" => picture(parts),
        "t.me" => message(parts),
        // Names of documents are in either case (doi.org, "DOI Handbook", 2.4).
        "doi.org" => parts.path.iter_mut().for_each(|part| part.make_ascii_lowercase()),
        // The AMP form has the site's name before the path.
        "cnn.com" if parts.path.len() > 1 => parts.path.retain({
            let mut at = 0;
            move |part| {
                at += 1;
                at > 1 || part != "cnn"
            }
        }),
        host if host.ends_with(".wikipedia.org")
            || host.ends_with(".wikimedia.org")
            || host.ends_with(".wikisource.org") =>
        {
            article(parts);
        }
        _ => {}
    }
}

fn path<const N: usize>(parts: [&str; N]) -> Vec<String> {
    parts.map(str::to_owned).to_vec()
}

/// A video is its id, wherever it is played and from which second on.
fn video(parts: &mut Parts) {
    let short = parts.host == "youtu.be";
    let id = match parts.path.as_slice() {
        [id, ..] if short => Some(id.clone()),
        [word, id, ..] if ["embed", "shorts", "live", "v", "e"].contains(&word.as_str()) => Some(id.clone()),
        [word, ..] if word == "watch" => parts.query.iter().find(|(name, _)| name == "v").map(|(_, id)| id.clone()),
        _ => None,
    };
    if let Some(id) = id.filter(|id| !id.is_empty()) {
        "youtube.com".clone_into(&mut parts.host);
        parts.path = path(["watch"]);
        parts.query = vec![("v".to_owned(), id)];
        parts.route = None;
    }
}

/// A post is its number, whoever's name stands before it.
fn post(parts: &mut Parts) {
    let at = parts.path.iter().position(|part| part == "status" || part == "statuses");
    let id = at.and_then(|at| parts.path.get(at + 1)).map(|id| id.bytes().take_while(u8::is_ascii_digit).count());
    if let (Some(at), Some(digits @ 1..)) = (at, id) {
        let id = parts.path.get(at + 1).and_then(|id| id.get(..digits)).unwrap_or_default();
        parts.path = path(["i", "status", id]);
        parts.query.clear();
        parts.route = None;
    } else if let Some(name) = parts.path.first_mut() {
        name.make_ascii_lowercase();
    }
}

/// A thread is its id, in whatever group and with whatever title; a comment in it is one more.
fn thread(parts: &mut Parts) {
    if parts.host == "redd.it" {
        if parts.path.len() == 1 {
            "reddit.com".clone_into(&mut parts.host);
            parts.path.insert(0, "comments".to_owned());
        }
        return;
    }
    let Some(at) = parts.path.iter().position(|part| part == "comments") else { return };
    // With its group: /r/GROUP/comments/ID/TITLE/COMMENT; without: /comments/ID, /comments/ID/comment/COMMENT.
    let thread = parts.path.get(at + 1).cloned();
    let comment = parts.path.get(at + 3).cloned();
    if let Some(thread) = thread {
        parts.path = path(["comments", thread.as_str()]);
        parts.path.extend(comment.map(|comment| ["_".to_owned(), comment]).into_iter().flatten());
        parts.query.clear();
        parts.route = None;
    }
}

fn picture(parts: &mut Parts) {
    let kinds = ["p", "reel", "reels", "tv"];
    let Some(at) = parts.path.iter().position(|part| kinds.contains(&part.as_str())) else { return };
    if at <= 1
        && let Some(id) = parts.path.get(at + 1).cloned()
    {
        parts.path = path(["p", id.as_str()]);
        parts.query.clear();
    }
}

/// A channel's message, shown in the browser or by the program.
fn message(parts: &mut Parts) {
    while parts.path.len() > 1 && parts.path.first().is_some_and(|part| part == "s") {
        parts.path.remove(0);
    }
    if let Some(channel) = parts.path.first_mut() {
        channel.make_ascii_lowercase();
    }
}

/// An article by its title, in whichever script it is shown; earlier versions are pages of their own.
fn article(parts: &mut Parts) {
    let is_index = matches!(parts.path.as_slice(), [w, index] if w == "w" && index == "index.php");
    if let ([(name, title)], true) = (parts.query.as_slice(), is_index)
        && name == "title"
    {
        parts.path = path(["wiki", title.as_str()]);
        parts.query.clear();
    }
    let is_variant = |part: &str| part == "zh" || part.starts_with("zh-") || part.starts_with("sr-");
    if parts.path.len() > 1
        && let Some(first) = parts.path.first_mut().filter(|first| is_variant(first))
    {
        "wiki".clone_into(first);
    }
    for part in &mut parts.path {
        *part = part.replace("%20", "_");
    }
}
