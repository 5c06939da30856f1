//! The editorial desk in a channel: typed forms, buttons under a review, and who may press them.

use crate::{
    records::{ADMIN, at_the_terminal},
    support::Scene,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_is_proposed_in_a_channel_and_approved_by_a_button_that_gives_no_rights() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let alice = scene.alice;
    let [bob, mallory] = ["bob", "mallory"].map(|name| {
        let user = fake.user(name);
        fake.join(scene.guild, user, &[]);
        user
    });
    at_the_terminal(&scene.bot.front, ADMIN, &format!("role discord:{alice} admin"));
    fake.say(general, alice, &format!("!role <@{bob}> reviewer"));
    assert!(fake.next_message_in(general).await.text.contains("is reviewer now"));
    let form = "!add statement\nspeaker: Lena Quist\ntext: It was said that the zyxomma is back.\nsource: D1";
    let asked = fake.say(general, alice, form);
    let proposed = fake.next_message_in(general).await;
    assert!(proposed.text.contains("C2") && proposed.text.contains("is proposed"), "{}", proposed.text);
    assert!(!proposed.buttons().iter().any(|button| button.label == "Approve"), "nobody approves their own");

    fake.say(general, bob, "!review C2");
    let review = fake.next_message_in(general).await;
    assert!(review.text.contains("zyxomma"), "{}", review.text);
    // Whoever sees the button may press it; it asks as the one who pressed.
    fake.press_label(review.id, mallory, "Approve");
    let refused = fake.next_private(mallory).await;
    assert!(refused.text.contains("for those with the role reviewer"), "{}", refused.text);
    fake.press_label(review.id, alice, "Approve");
    let refused = fake.next_private(alice).await;
    assert!(refused.text.contains("You proposed this yourself"), "{}", refused.text);
    fake.press_label(review.id, bob, "Approve");
    let approved = fake.next_private(bob).await;
    assert!(approved.text.contains("is approved and in force"), "{}", approved.text);
    fake.press_label(review.id, bob, "Approve");
    let again = fake.next_private(bob).await;
    assert!(again.text.contains("was approved before"), "{}", again.text);
    fake.say(general, mallory, "!source zyxomma");
    assert!(fake.next_message_in(general).await.text.contains("the zyxomma is back"));

    // An edited message does nothing a second time.
    fake.edit_message(asked, &form.replace("zyxomma", "petalura"));
    fake.say(general, bob, "!queue");
    let queue = fake.next_message_in(general).await;
    assert!(queue.text.contains("Nothing waits for review"), "{}", queue.text);
    fake.assert_clean();
}
