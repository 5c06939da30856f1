//! Whether a Matrix client finds anything in an answer that the document didn't ask for. The HTML is
//! parsed by html5ever and held against the specification's list by ruma's sanitiser.

use ruma_html::{Html, NodeRef, SanitizerConfig};
use serde_json::json;
use url::Url;

use super::answer::{replacing, show};
use crate::{
    chat::hostile::{addresses, assert_legible, every_string_in_every_field},
    reply::Reply,
};

/// The elements and attributes that this front end writes.
const OURS: &[&str] = &["p", "br", "strong", "code", "sub", "ul", "li", "blockquote", "a"];

fn walk(nodes: impl Iterator<Item = NodeRef>, asked: &[Url], names: &mut Vec<String>, text: &mut String) {
    for node in nodes {
        if let Some(element) = node.as_element() {
            let name = element.name.local.to_string();
            assert!(OURS.contains(&name.as_str()), "<{name}>");
            for attribute in element.attrs.borrow().iter() {
                assert!(name == "a" && &*attribute.name.local == "href", "<{name} {}>", attribute.name.local);
                let target = Url::parse(&attribute.value).unwrap();
                assert!(asked.contains(&target), "nobody asked for {target}");
            }
            names.push(name);
            walk(node.children(), asked, names, text);
            names.push("end".to_owned());
        } else if let Some(words) = node.as_text() {
            text.push_str(&words.borrow());
        } else {
            names.push(format!("{:?}", node.data()));
        }
    }
}

fn rendered(reply: &Reply) -> Vec<String> {
    let asked = addresses(reply);
    let answer = show(reply, Some(&"source word".into()), 0, "!");
    let html = answer.content["formatted_body"].as_str().unwrap();
    let plain = answer.content["body"].as_str().unwrap();
    let (mut names, mut text) = (Vec::new(), String::new());
    let parsed = Html::parse(html);
    walk(parsed.children(), &asked, &mut names, &mut text);
    let before = parsed.to_string();
    parsed.sanitize_with(&SanitizerConfig::strict());
    assert_eq!(parsed.to_string(), before, "the specification allows less");
    assert_legible(&text);
    assert_legible(plain);
    let edited = replacing(answer.content.clone(), "$answer");
    for content in [&answer.content, &edited, &edited["m.new_content"]] {
        // With an empty `m.mentions`, "@room" and names in the text notify nobody ("User and room mentions").
        assert_eq!(content["m.mentions"], json!({}));
        assert_eq!(content["msgtype"], "m.notice");
    }
    names
}

#[test]
fn matrix_finds_in_hostile_text_only_what_the_document_asks_for() {
    every_string_in_every_field(rendered);
}
