//! The table of cases: what happens where, by which settings, and what becomes of it.

use super::*;
use crate::commands::find;

/// What a community has set.
fn settings(of: &str) -> CommunitySettings {
    let (channels, private): (&[&str], bool) = match of {
        "nothing" => (&[], false),
        "private" => (&[], true),
        "channel" => (&["channel"], false),
        "thread" => (&["thread"], false),
        "other" => (&["other"], false),
        "private channel" => (&["channel"], true),
        "private other" => (&["other"], true),
        _ => panic!("{of}"),
    };
    let channels = channels.iter().map(|&channel| channel.to_owned()).collect();
    CommunitySettings { channels, private, ..CommunitySettings::default() }
}

/// A place; each thread is one of `channel`.
fn place(of: &str) -> ChatPlace {
    let presence = if of.starts_with("guest") { Presence::Guest } else { Presence::Member };
    let (community, channel, parent) = match of {
        "direct" => (None, "direct", Parent::None),
        "channel" => (Some("discord:1"), "channel", Parent::None),
        "thread" => (Some("discord:1"), "thread", Parent::Channel("channel".to_owned())),
        "guest" => (Some("discord:1"), "channel", Parent::Unknown),
        "guest among people" => (None, "channel", Parent::None),
        "somewhere" => (Some("discord:1"), "channel", Parent::Unknown),
        "some thread" => (Some("discord:1"), "thread", Parent::Unknown),
        _ => panic!("{of}"),
    };
    ChatPlace { community: community.map(str::to_owned), channel: channel.to_owned(), parent, presence }
}

fn kind(of: &str) -> EventKind {
    let by = |asker| EventKind::Turned { seen_by: SeenBy::Everyone, by: asker };
    match of {
        "wrote" => EventKind::Wrote(TypedLine::Whole),
        "replied" => EventKind::Wrote(TypedLine::BareReply),
        "replied with 3" => EventKind::Wrote(TypedLine::CountingReply(3)),
        "replied with words" => EventKind::Wrote(TypedLine::TellingReply),
        "edited" => EventKind::Edited(TypedLine::Whole),
        "edited reply" => EventKind::Edited(TypedLine::BareReply),
        "slash" => EventKind::Commanded { wish: SeenBy::Everyone },
        "private slash" => EventKind::Commanded { wish: SeenBy::AskerAlone },
        "button" => EventKind::Opened,
        "form" => EventKind::FilledIn,
        "post" => EventKind::Posted,
        "turn own" => by(Asker::Themselves),
        "turn as moderator" => by(Asker::Moderator),
        "turn other's" => by(Asker::Other),
        "turn as someone" => by(Asker::Unknown),
        "turn private" => EventKind::Turned { seen_by: SeenBy::AskerAlone, by: Asker::Themselves },
        "react to check" => EventKind::ReactedToCheck { voice: Voice::Heard },
        "react to check without a voice" => EventKind::ReactedToCheck { voice: Voice::Mute },
        "react to turn own" => EventKind::ReactedToTurn { by: Asker::Themselves },
        "react to turn as moderator" => EventKind::ReactedToTurn { by: Asker::Moderator },
        "react to turn other's" => EventKind::ReactedToTurn { by: Asker::Other },
        "react to turn as someone" => EventKind::ReactedToTurn { by: Asker::Unknown },
        "decide" => EventKind::Decided,
        _ => panic!("{of}"),
    }
}

/// A verdict in words: who sees the answer, what is special about it, and what is said on refusal.
fn words(verdict: Verdict) -> String {
    let permit = match verdict {
        Verdict::Ignore => return "nothing".to_owned(),
        Verdict::Needs(MissingFact::Parent) => return "thread?".to_owned(),
        Verdict::Needs(MissingFact::Moderation) => return "moderator?".to_owned(),
        Verdict::AskInPrivate(OnRefusal::SayAlways) => return "ask in private, always".to_owned(),
        Verdict::AskInPrivate(_) => return "ask in private".to_owned(),
        Verdict::NoMember => return "no member".to_owned(),
        Verdict::Answer(permit) => permit,
    };
    let mut words = vec![match permit.seen_by {
        SeenBy::Everyone => "all",
        SeenBy::AskerAlone => "asker",
    }];
    words.extend((permit.place == AnswerPlace::InPlace).then_some("in place"));
    words.extend(match permit.subject {
        AnswerSubject::AsGiven => None,
        AnswerSubject::MessageRepliedTo => Some("its message"),
        AnswerSubject::MessagesOfAuthor(3) => Some("3 of its author"),
        AnswerSubject::MessagesOfAuthor(_) => Some("several of its author"),
        AnswerSubject::BesideMessageRepliedTo => Some("beside its message"),
        AnswerSubject::NextPage => Some("next page"),
    });
    words.extend(match permit.scope {
        CommandScope::Records => None,
        CommandScope::Community => Some("community's rights"),
        CommandScope::Channel => Some("channel's rights"),
    });
    words.extend(match permit.refusal {
        OnRefusal::SayOnce => None,
        OnRefusal::SayAlways => Some("always"),
        OnRefusal::Silent => Some("silent"),
    });
    words.join(", ")
}

/// What happens, where, with which settings, by which command, and what becomes of it.
#[rustfmt::skip]
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    // Lines: for all to see where they may be, else not at all or with a word.
    ("wrote", "channel", "nothing", "source", "all"),
    ("wrote", "thread", "nothing", "source", "all"),
    ("wrote", "some thread", "nothing", "source", "all"),
    ("wrote", "direct", "nothing", "source", "all"),
    ("wrote", "direct", "private other", "source", "all"),
    ("wrote", "channel", "channel", "source", "all"),
    ("wrote", "channel", "other", "source", "nothing"),
    ("wrote", "channel", "thread", "source", "nothing"),
    ("wrote", "channel", "private", "source", "ask in private"),
    ("wrote", "channel", "private channel", "source", "ask in private"),
    ("wrote", "channel", "private other", "source", "nothing"),
    ("wrote", "channel", "nothing", "suggest", "all"),
    ("wrote", "channel", "nothing", "approve", "all"),
    ("wrote", "channel", "private", "approve", "ask in private"),
    ("wrote", "channel", "nothing", "no command", "all"),
    // Threads count as their channel, unless they are named themselves.
    ("wrote", "thread", "channel", "source", "all"),
    ("wrote", "thread", "thread", "source", "all"),
    ("wrote", "thread", "other", "source", "nothing"),
    ("wrote", "some thread", "thread", "source", "all"),
    ("wrote", "some thread", "channel", "source", "thread?"),
    ("wrote", "some thread", "other", "source", "thread?"),
    ("wrote", "somewhere", "channel", "source", "all"),
    ("wrote", "somewhere", "other", "source", "thread?"),
    ("wrote", "thread", "private", "source", "ask in private"),
    // Settings, wherever they are changed.
    ("wrote", "channel", "nothing", "settings", "all, community's rights"),
    ("wrote", "channel", "other", "settings", "all, community's rights"),
    ("wrote", "channel", "private", "settings", "all, community's rights"),
    ("wrote", "channel", "private other", "settings", "all, community's rights"),
    ("wrote", "some thread", "thread", "settings", "thread?"),
    ("wrote", "some thread", "nothing", "settings", "thread?"),
    ("wrote", "direct", "nothing", "settings", "all, community's rights"),
    ("slash", "channel", "nothing", "settings", "asker, community's rights, always"),
    ("slash", "channel", "other", "settings", "asker, community's rights, always"),
    ("edited", "channel", "nothing", "settings", "nothing"),
    // Watches are the channel's.
    ("wrote", "channel", "nothing", "watch", "all, channel's rights"),
    ("wrote", "channel", "nothing", "unwatch", "all, channel's rights"),
    ("wrote", "channel", "nothing", "watches", "all"),
    ("wrote", "channel", "other", "watch", "nothing"),
    ("wrote", "channel", "private", "watch", "ask in private"),
    ("slash", "channel", "private", "watch", "asker, channel's rights, always"),
    // Edits: answered anew, but nothing is done again.
    ("edited", "channel", "nothing", "source", "all"),
    ("edited", "channel", "other", "source", "nothing"),
    ("edited", "channel", "private", "source", "ask in private"),
    ("edited", "direct", "nothing", "source", "all"),
    ("edited", "channel", "nothing", "suggest", "nothing"),
    ("edited", "channel", "nothing", "watch", "nothing"),
    ("edited", "channel", "nothing", "role", "nothing"),
    ("edited", "direct", "nothing", "withdraw", "nothing"),
    ("edited", "channel", "nothing", "approve", "nothing"),
    ("edited", "channel", "nothing", "queue", "nothing"),
    ("edited", "channel", "nothing", "more", "all, next page"),
    // Replies to what is to be checked, and what follows on.
    ("replied", "channel", "nothing", "check", "all, its message"),
    ("replied", "direct", "nothing", "check", "all, its message"),
    ("replied", "thread", "channel", "check", "all, its message"),
    ("replied", "channel", "other", "check", "nothing"),
    ("replied", "channel", "private", "check", "ask in private"),
    ("replied", "channel", "nothing", "source", "all, its message"),
    ("replied", "channel", "nothing", "about", "all"),
    ("replied", "channel", "nothing", "help", "all"),
    ("replied with 3", "channel", "nothing", "check", "all, 3 of its author"),
    ("replied with 3", "channel", "other", "check", "nothing"),
    ("replied with 3", "channel", "private", "check", "ask in private"),
    ("replied with 3", "channel", "nothing", "about", "all"),
    ("replied with words", "channel", "nothing", "check", "all, beside its message"),
    ("replied with words", "channel", "nothing", "source", "all, beside its message"),
    ("replied with words", "channel", "nothing", "about", "all"),
    ("replied with words", "channel", "nothing", "more", "all, next page"),
    ("replied with words", "channel", "private", "check", "ask in private"),
    ("replied", "channel", "nothing", "more", "all, next page"),
    ("edited reply", "channel", "nothing", "check", "all, its message"),
    ("wrote", "channel", "nothing", "check", "all"),
    ("wrote", "channel", "nothing", "more", "all, next page"),
    // Slash commands: always answered, and seen by all only where lines are.
    ("slash", "channel", "nothing", "source", "all, always"),
    ("slash", "direct", "nothing", "source", "all, always"),
    ("slash", "thread", "channel", "source", "all, always"),
    ("slash", "thread", "thread", "source", "all, always"),
    ("slash", "channel", "thread", "source", "asker, always"),
    ("slash", "some thread", "other", "source", "thread?"),
    ("slash", "channel", "other", "source", "asker, always"),
    ("slash", "channel", "private", "source", "asker, always"),
    ("slash", "channel", "nothing", "check", "all, always"),
    ("slash", "channel", "nothing", "approve", "asker, always"),
    ("slash", "channel", "nothing", "help", "asker, always"),
    ("slash", "direct", "nothing", "help", "all, always"),
    ("private slash", "channel", "nothing", "source", "asker, always"),
    ("private slash", "direct", "nothing", "source", "all, always"),
    ("private slash", "direct", "nothing", "settings", "all, community's rights, always"),
    // Buttons, menus and forms open what only the one sees who pressed them.
    ("button", "channel", "nothing", "show", "asker, always"),
    ("button", "channel", "private", "show", "asker, always"),
    ("button", "channel", "other", "show", "asker, always"),
    ("button", "direct", "nothing", "show", "all, always"),
    ("form", "channel", "nothing", "add", "asker, always"),
    ("form", "direct", "nothing", "add", "all, always"),
    // A page is turned where it stands by those whose it is, and by moderators, where all may see it.
    ("turn own", "channel", "nothing", "source", "all, in place, always"),
    ("turn own", "thread", "channel", "source", "all, in place, always"),
    ("turn own", "direct", "nothing", "source", "all, in place, always"),
    ("turn own", "channel", "private", "source", "asker, always"),
    ("turn own", "channel", "other", "source", "asker, always"),
    ("turn as moderator", "channel", "nothing", "source", "all, in place, always"),
    ("turn as moderator", "channel", "private", "source", "asker, always"),
    ("turn other's", "channel", "nothing", "source", "asker, always"),
    ("turn other's", "direct", "nothing", "source", "all, in place, always"),
    ("turn as someone", "channel", "nothing", "source", "moderator?"),
    ("turn private", "channel", "nothing", "source", "asker, in place, always"),
    ("turn private", "channel", "private", "source", "asker, in place, always"),
    ("turn private", "channel", "other", "source", "asker, in place, always"),
    // What one saw alone is posted where all may see answers.
    ("post", "channel", "nothing", "no command", "all, always"),
    ("post", "thread", "channel", "no command", "all, always"),
    ("post", "channel", "private", "no command", "ask in private, always"),
    ("post", "channel", "other", "no command", "ask in private, always"),
    ("post", "some thread", "other", "no command", "thread?"),
    // Where the bot is no member the one who has it with them sees its answers, and nobody else.
    ("slash", "guest", "nothing", "source", "asker, always"),
    ("slash", "guest", "channel", "source", "asker, always"),
    ("slash", "guest among people", "nothing", "source", "asker, always"),
    ("button", "guest", "nothing", "show", "asker, always"),
    ("button", "guest among people", "nothing", "show", "asker, always"),
    ("turn private", "guest", "nothing", "source", "asker, in place, always"),
    ("turn own", "guest among people", "nothing", "source", "asker, always"),
    ("post", "guest", "nothing", "no command", "ask in private, always"),
    ("post", "guest", "channel", "no command", "ask in private, always"),
    ("post", "guest among people", "nothing", "no command", "ask in private, always"),
    ("button", "guest", "nothing", "watch", "no member"),
    ("button", "guest among people", "nothing", "watch", "no member"),
    ("slash", "guest", "channel", "settings", "no member"),
    // The reaction that asks to check a message is as a line that does.
    ("react to check", "channel", "nothing", "check", "all, its message"),
    ("react to check", "direct", "nothing", "check", "all, its message"),
    ("react to check", "channel", "other", "check", "nothing"),
    ("react to check without a voice", "channel", "nothing", "check", "nothing"),
    ("react to check without a voice", "direct", "nothing", "check", "nothing"),
    ("react to check", "channel", "private", "check", "ask in private"),
    // Reactions that turn pages can't show them to one alone.
    ("react to turn own", "channel", "nothing", "source", "all, in place, silent"),
    ("react to turn own", "direct", "nothing", "source", "all, in place, silent"),
    ("react to turn own", "channel", "private", "source", "nothing"),
    ("react to turn own", "channel", "other", "source", "nothing"),
    ("react to turn as moderator", "channel", "nothing", "source", "all, in place, silent"),
    ("react to turn other's", "channel", "nothing", "source", "nothing"),
    ("react to turn as someone", "channel", "nothing", "source", "moderator?"),
    // Decisions by reaction are the reviewer's own.
    ("decide", "channel", "nothing", "approve", "all, silent"),
    ("decide", "channel", "private", "reject", "all, silent"),
];

#[test]
fn what_becomes_of_an_event_follows_from_its_place_the_settings_and_the_command() {
    let mut wrong = Vec::new();
    for (happened, where_it_did, set, command, wanted) in CASES {
        let spec = find(command);
        assert_eq!(spec.is_none(), *command == "no command", "{command}");
        let event = ChatEvent { kind: kind(happened), place: place(where_it_did) };
        let found = words(decide(&event, &settings(set), spec));
        if found != *wanted {
            wrong.push(format!("{happened}, {where_it_did}, {set}, {command}: {found}, not {wanted}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_command_that_writes_is_done_for_an_edit_and_none_is_answered_in_public_where_that_is_not_wanted() {
    for spec in crate::commands::COMMANDS {
        for of in ["edited", "edited reply"] {
            let edited = ChatEvent { kind: kind(of), place: place("channel") };
            let verdict = decide(&edited, &settings("nothing"), Some(spec));
            assert!(!spec.writes() || verdict == Verdict::Ignore, "{}", spec.name);
        }
        for set in ["private", "other", "private other"] {
            for of in ["wrote", "slash", "button", "form", "turn own", "react to turn own", "react to check"] {
                let event = ChatEvent { kind: kind(of), place: place("channel") };
                let in_public = match decide(&event, &settings(set), Some(spec)) {
                    Verdict::Answer(permit) => permit.seen_by == SeenBy::Everyone,
                    Verdict::Ignore | Verdict::Needs(_) | Verdict::AskInPrivate(_) | Verdict::NoMember => false,
                };
                let is_settings_line = of == "wrote" && spec.chat.scope == CommandScope::Community;
                assert_eq!(in_public, is_settings_line, "{}: {of}, {set}", spec.name);
            }
        }
    }
}
