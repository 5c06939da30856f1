//! What people may see of whatever is typed or on record: no mention, no link that isn't ours.

use std::time::Duration;

use onrecord::config::MessageLayout;

use crate::{fake::Settings, records::Records, support::Scene};

const HOSTILE: [&str; 8] = [
    "@everyone @here <@&1> <@2> <#3>",
    "[free](https://evil.example.org) <https://evil.example.org> https://evil.example.org",
    "``` ` `` \n> quote\n# heading\n-# small\n- list\n1. one",
    "||spoiler|| **bold** __under__ ~~gone~~ *_`",
    "\u{202e}txet\u{2066}x\u{2069} a\u{200b}b \u{e0041}",
    "<t:1:R> </source:1> <:emoji:1> <a:emoji:1> <id:customize>",
    "by:@everyone page:2 \"unclosed <@1>",
    "discord.gg/invite \\[x\\](https://evil.example.org)",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_typed_becomes_a_mention_a_link_or_markup() {
    becomes_nothing(Scene::new().await).await;
    becomes_nothing(Scene::made_of(MessageLayout::Components, Records::new(), Settings::default()).await).await;
}

async fn becomes_nothing(scene: Scene) {
    let fake = &scene.fake;
    for (number, text) in HOSTILE.iter().enumerate() {
        let person = fake.user(&format!("person-{number}"));
        fake.join(scene.guild, person, &[]);
        for command in ["source", "about", "help", "show"] {
            let channel = fake.text_channel(scene.guild, "room");
            fake.say(channel, person, &format!("!{command} {text}"));
            let answer = fake.next_message_in(channel).await;
            let inner = answer.components.iter().filter_map(|container| container["components"].as_array()).flatten();
            let displays = inner.filter_map(|display| display["content"].as_str());
            let embeds = answer.embeds.iter().filter_map(|embed| embed["description"].as_str());
            let mut seen = 0;
            for shown in embeds.chain(displays) {
                assert!(!active(shown), "{command} {text}:\n{shown}");
                seen += 1;
            }
            assert!(seen > 0, "{}", answer.text);
        }
    }
    fake.quiet(Duration::from_millis(50)).await;
    // Mentions in any body are a violation that the stand-in finds.
    fake.assert_clean();
}

/// Whether a text has anything outside of code and escapes that Discord would act on.
fn active(shown: &str) -> bool {
    let mut bare = String::new();
    let mut characters = shown.chars();
    let mut in_code = false;
    while let Some(character) = characters.next() {
        match character {
            '`' => in_code = !in_code,
            '\\' if !in_code => {
                characters.next();
                bare.push('.');
            }
            _ if !in_code => bare.push(character),
            _ => {}
        }
    }
    let ours = bare.replace("https://news.example.org", "").replace("https://xn--bcher-kva.example.org", "");
    let invisible = |character: char| matches!(character, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e0fff}');
    in_code
        || ["<@", "@everyone", "@here", "<#", "</", "<:", "<a:", "<id:", "https://", "||", "~~", "__"]
            .iter()
            .any(|sign| ours.contains(sign))
        || shown.chars().any(invisible)
}
