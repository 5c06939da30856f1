//! Blocks: who is ignored, from when, until when, on which platforms, and who can't be blocked.

use onrecord::{
    desk::{Admission, ChatOrigin, Invocation, Request, SeenBy, corrections::PostTarget},
    model::{Identity, Platform},
    reply::{Outcome, Reply},
};

use super::{
    editorial::{decide, say, town},
    rendered::rendered,
    support::World,
};

const ROOT: &str = "matrix:@root:example.org";

fn done(world: &World, line: &str) -> Reply {
    let reply = say(world, ROOT, line);
    assert_eq!(reply.outcome, Outcome::Answered, "{line}: {}", rendered(&reply));
    reply
}

fn ignored(world: &World, who: &str, community: Option<&str>) -> bool {
    let actor: Identity = who.parse().unwrap();
    let is_ignored = world.app.desk.ignores(&actor, community);
    // What comes to the desk all the same is told nothing, and isn't counted.
    let origin = ChatOrigin {
        community: community.map(str::to_owned),
        channel: format!("of {who}"),
        parent: None,
        may_manage_community: false,
        may_moderate_channel: false,
        seen_by: SeenBy::Everyone,
    };
    let invocation = Invocation::Text("version".to_owned());
    let request = Request { actor, conversation: String::new(), invocation, origin: Some(origin), page_size: 3 };
    assert_eq!(world.app.desk.admit(&request) == Admission::RefusedAgain, is_ignored, "{who}");
    is_ignored
}

#[test]
fn a_blocked_person_is_ignored_on_all_platforms_until_it_is_lifted() {
    let world = town();
    done(&world, "link discord:70 matrix:@zoe:example.org");
    assert!(!ignored(&world, "discord:70", None));
    let said = rendered(&done(&world, "block <@70> Asks the same a hundred times."));
    assert!(said.contains("discord:70 is not heard any more.") && said.contains("matrix:@zoe:example.org"), "{said}");
    for who in ["discord:70", "matrix:@zoe:example.org"] {
        assert!(ignored(&world, who, None) && ignored(&world, who, Some("discord:5")), "{who}");
    }
    assert!(!ignored(&world, "discord:71", None));
    let listed = rendered(&done(&world, "blocked"));
    for wanted in ["discord:70", "Asks the same a hundred times.", ROOT] {
        assert!(listed.contains(wanted), "{wanted}: {listed}");
    }
    // A link that is made or undone later counts at once, too.
    done(&world, "link discord:70 discord:72");
    assert!(ignored(&world, "discord:72", None));
    done(&world, "unlink discord:72 discord:70");
    assert!(!ignored(&world, "discord:72", None) && ignored(&world, "discord:70", None));
    // And it outlasts the program.
    let world = world.restarted();
    world.app.desk.appoint(onrecord::model::Authority::of([ROOT.parse().unwrap()]));
    assert!(ignored(&world, "discord:70", None));
    done(&world, "unblock discord:70");
    assert!(!ignored(&world, "discord:70", None) && !ignored(&world, "matrix:@zoe:example.org", None));
    assert_eq!(say(&world, ROOT, "blocked").outcome, Outcome::NothingFound);
    assert_eq!(say(&world, ROOT, "unblock discord:70").outcome, Outcome::Misused);
    let audit = rendered(&done(&world, "audit"));
    for wanted in ["blocked until it is lifted: Asks the same", "heard again"] {
        assert!(audit.contains(wanted), "{wanted}: {audit}");
    }
}

#[test]
fn a_blocked_community_is_ignored_but_for_admins() {
    let world = town();
    done(&world, "block matrix:!room:example.org");
    done(&world, "block discord:900 for 12h");
    for community in ["matrix:!room:example.org", "discord:900"] {
        assert!(ignored(&world, "discord:70", Some(community)), "{community}");
        assert!(world.app.desk.ignores_community(community));
        assert!(!ignored(&world, ROOT, Some(community)), "an admin is not heard in {community}");
    }
    assert!(!ignored(&world, "discord:70", None) && !ignored(&world, "discord:70", Some("discord:901")));
    // Who is made an admin is heard from then on.
    done(&world, "role discord:70 admin");
    assert!(!ignored(&world, "discord:70", Some("discord:900")));
    done(&world, "role discord:70 reader");
    assert!(ignored(&world, "discord:70", Some("discord:900")));
}

#[test]
fn a_block_ends_when_its_time_is_over() {
    let world = town();
    let said = rendered(&done(&world, "block discord:70 for 7d Floods."));
    assert!(said.contains("until 2026-12-01 12:0"), "{said}");
    world.set_clock("2026-12-01T11:59:00Z");
    assert!(ignored(&world, "discord:70", None));
    // A second block takes the place of the first.
    done(&world, "block discord:70 for:1h");
    world.set_clock("2026-12-01T12:58:00Z");
    assert!(ignored(&world, "discord:70", None));
    world.set_clock("2026-12-01T13:01:00Z");
    assert!(!ignored(&world, "discord:70", None));
    assert_eq!(say(&world, ROOT, "blocked").outcome, Outcome::NothingFound);
    assert_eq!(say(&world, ROOT, "unblock discord:70").outcome, Outcome::Misused);
    // What has run out is no hindrance to another.
    done(&world, "block discord:70 for being rude");
    assert!(rendered(&done(&world, "blocked")).contains("for being rude"));
    for wrong in ["block discord:70 for:0d", "block discord:70 for:7y", "block discord:70 for:99999w", "block zoe"] {
        assert_eq!(say(&world, ROOT, wrong).outcome, Outcome::Misused, "{wrong}");
    }
}

#[test]
fn admins_and_those_at_the_machine_can_not_be_blocked() {
    let world = town();
    done(&world, "role discord:44 admin");
    done(&world, "link discord:44 matrix:@ada:example.org");
    for (who, wanted) in [
        (ROOT, "is an admin"),
        ("discord:44", "is an admin"),
        ("matrix:@ada:example.org", "the same person as one"),
        ("terminal:ana", "sits at the machine"),
        ("project:compilers", "is no identity"),
    ] {
        let reply = say(&world, ROOT, &format!("block {who}"));
        assert!(reply.outcome == Outcome::Misused && rendered(&reply).contains(wanted), "{who}: {}", rendered(&reply));
        assert!(!ignored(&world, who, None), "{who}");
    }
    done(&world, "role discord:44 reviewer");
    done(&world, "block discord:44");
    assert!(ignored(&world, "matrix:@ada:example.org", None));
}

#[test]
fn what_another_process_has_blocked_is_known_with_the_next_request() {
    let world = town();
    let other = onrecord::store::Store::open(world.app.store.path()).unwrap();
    let (root, zoe): (Identity, Identity) = (ROOT.parse().unwrap(), "discord:70".parse().unwrap());
    let authority = onrecord::model::Authority::of([root.clone()]);
    other.block(zoe, None, None, root, world.now(), &authority).unwrap();
    // A bot goes round for what is to be posted every few seconds, whether or not anyone asks.
    world.app.desk.posts_due(onrecord::model::Platform::Discord, 1).unwrap();
    assert!(ignored(&world, "discord:70", None));
}

#[test]
fn nobody_is_told_who_is_not_heard() {
    let world = town();
    let ask = |who: &str, line: &str, channel: &str, community: &str| {
        let origin = ChatOrigin {
            community: Some(community.to_owned()),
            channel: channel.to_owned(),
            parent: None,
            may_manage_community: true,
            may_moderate_channel: true,
            seen_by: SeenBy::Everyone,
        };
        let request = Request {
            actor: who.parse().unwrap(),
            conversation: format!("discord:{channel}:{who}"),
            invocation: Invocation::Text(line.to_owned()),
            origin: Some(origin),
            page_size: 3,
        };
        let reply = world.app.desk.answer(&request);
        assert_eq!(reply.outcome, Outcome::Answered, "{line}: {}", rendered(&reply));
    };
    ask("discord:70", "watch harbour town", "7", "discord:1");
    ask("discord:70", "watch harbour town to:me", "7", "discord:1");
    ask("discord:80", "watch harbour town", "8", "discord:2");
    ask("discord:80", "watch harbour town to:me", "8", "discord:2");
    let told = |statement: &str| {
        let form = format!("add statement\nspeaker: Ana Silva\ntext: {statement}\nsource: D1\nabout: Harbour Town");
        assert_eq!(say(&world, "terminal:cai", &form).outcome, Outcome::Answered);
        let change = world.app.store.reader().unwrap().all_changes().unwrap().last().unwrap().to_string();
        assert_eq!(decide(&world, "terminal:rui", &format!("approve {change}")).outcome, Outcome::Answered);
        let due = world.app.desk.posts_due(Platform::Discord, 10).unwrap();
        for post in &due {
            assert!(world.app.desk.post_done(post).unwrap());
        }
        let mut places: Vec<PostTarget> = due.into_iter().map(|post| post.place).collect();
        places.sort();
        places
    };
    let channel = |id: &str| PostTarget::Channel(id.to_owned());
    let person = |id: &str| PostTarget::Person(id.to_owned());
    done(&world, "block discord:1");
    assert_eq!(told("It was said that it snows."), [channel("8"), person("70"), person("80")]);
    done(&world, "block discord:70");
    assert_eq!(told("It was said that it rains."), [channel("8"), person("80")]);
    done(&world, "unblock discord:1");
    done(&world, "unblock discord:70");
    // What was for them meanwhile isn't told later.
    assert_eq!(told("It was said that it hails."), [channel("7"), channel("8"), person("70"), person("80")]);
}
