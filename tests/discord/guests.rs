//! The bot as someone has it with them: in servers and in private talk where it is no member.

use crate::{
    fake::{ChannelId, Message, UserId, permissions::MANAGE_GUILD},
    support::Scene,
};

/// A place where the bot is no member, with a message to check.
async fn found_in(scene: &Scene, place: ChannelId, who: UserId) -> Message {
    let fake = &scene.fake;
    let bob = fake.user("bob");
    let claim = fake.say(place, bob, "Port Varis charges ferries twice for one landing, says Harbour Watch");
    let checked = fake.context_menu(place, who, "Find sources", claim);
    fake.answer_to(checked).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_the_bot_with_them_is_answered_in_private_everywhere() {
    let scene = Scene::new().await;
    let fake = &scene.fake;
    let elsewhere = fake.guild_without_the_bot("Elsewhere");
    let hall = fake.text_channel(elsewhere, "hall");
    let managers = fake.role(elsewhere, "managers", MANAGE_GUILD);
    // Five questions in ten seconds are answered to one person.
    let people = ["ana", "ben", "cai", "dan"].map(|name| fake.user(name));
    for one in people {
        fake.join(elsewhere, one, &[managers]);
    }
    for (place, one, other) in [(hall, people[0], people[1]), (fake.group("friends", people[2]), people[2], people[3])]
    {
        for (command, options) in [
            ("source", &[("question", "harbourton")][..]),
            ("check", &[("message", "Port Varis charges ferries twice for one landing")]),
            ("about", &[("name", "port varis")]),
            ("show", &[("id", "S1")]),
            ("help", &[]),
        ] {
            let asked = fake.slash(place, one, command, options);
            let answer = fake.answer_to(asked).await;
            assert_eq!(answer.audience, Some(one), "/{command}: {}", answer.text);
            assert!(answer.button("Post here").is_none(), "/{command}: {}", answer.text);
            assert!(!answer.text.contains("`!"), "/{command}: {}", answer.text);
        }
        for command in ["settings", "watch", "unwatch", "watches", "recent", "role", "block", "add", "approve"] {
            assert!(!fake.is_offered(place, one, command), "{command}");
        }
        let found = found_in(&scene, place, other).await;
        assert!(found.text.contains("One vetted entry matches this message"), "{}", found.text);
        assert!(found.audience == Some(other) && found.button("Post here").is_none(), "{}", found.text);
        let entry = found.components[0]["components"][0]["options"][0]["value"].as_str().unwrap();
        let chosen = fake.select(found.id, other, &found.menus()[0], &[entry]);
        assert_eq!(fake.answer_to(chosen).await.audience, Some(other));
        assert!(fake.messages(place).iter().all(|message| message.author != fake.bot()));
    }
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_turn_for_the_guest_and_in_its_own_servers_the_bot_answers_all() {
    let scene = Scene::new().await;
    let (fake, alice) = (&scene.fake, scene.alice);
    let hall = fake.text_channel(fake.guild_without_the_bot("Elsewhere"), "hall");
    fake.join(fake.guild_without_the_bot("Third"), alice, &[]);
    let group = fake.group("friends", alice);
    let asked = fake.slash(group, alice, "source", &[("question", "harbourton")]);
    let answer = fake.answer_to(asked).await;
    fake.press_label(answer.id, alice, "Next");
    let turned = fake.next_edit_of(answer.id).await;
    assert!(turned.text.contains("Page 2 of") && turned.audience == Some(alice), "{}", turned.text);
    assert!(!fake.is_offered(hall, alice, "source"), "who is no member there is offered nothing");
    let asked = fake.slash(scene.general, alice, "source", &[("question", "harbourton")]);
    assert_eq!(fake.answer_to(asked).await.audience, None);
    let direct = fake.dm(alice);
    let asked = fake.slash(direct, alice, "source", &[("question", "harbourton")]);
    assert_eq!(fake.answer_to(asked).await.audience, None);
    fake.assert_clean();
}
