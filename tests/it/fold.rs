//! The records are what the approved changes add up to: the tables against the same changes applied
//! in memory.

use onrecord::{
    model::{
        Alias, Announcement, AnsweredStatements, Authority, Citation, CitationRole, Citations, Date, Entity, Identity,
        Key, Nature, Operation, Platform, Proposal, Quote, Record, RecordKey, RecordKind, Response, ResponseKind,
        Review, SameAs, Seen, Sequence, SingleLine, Source, SourceKind, SourceName, Standing, Statement, StatementId,
        ledger::{ApplyError, Ledger, apply},
    },
    store::{Failure, Refusal, Store, StoreError},
};
use proptest::prelude::*;

use super::support::looked;

fn key(number: usize) -> Key {
    format!("k{number}").parse().unwrap()
}

fn line(text: &str) -> SingleLine {
    text.parse().unwrap()
}

/// Keys from a small set, so that records meet.
pub fn keys() -> impl Strategy<Value = Key> {
    (0_usize..5).prop_map(key)
}

pub fn lines() -> impl Strategy<Value = SingleLine> {
    prop::sample::select(vec!["One.", "Two: \"quoted\" \\ 'x'.", "悉尼 — três.", "نص."]).prop_map(line)
}

fn dates() -> impl Strategy<Value = Option<Date>> {
    prop::option::of(prop::sample::select(vec!["2022", "2022-10", "2022-10-26"]).prop_map(|date| date.parse().unwrap()))
}

fn citations() -> impl Strategy<Value = Citations> {
    let citation = (keys(), prop::sample::select(CitationRole::ALL), prop::option::of(lines()))
        .prop_map(|(source, role, locator)| Citation { source, role, locator });
    prop::collection::vec(citation, 1..3).prop_map(|mut citations| {
        citations.dedup_by(|left, right| left.source == right.source);
        Citations::try_from(citations).unwrap()
    })
}

fn quotes() -> impl Strategy<Value = Option<Quote>> {
    prop::option::of(
        (lines(), prop::bool::ANY)
            .prop_map(|(text, foreign)| Quote { text, language: foreign.then(|| "nl".parse().unwrap()) }),
    )
}

fn same_as() -> impl Strategy<Value = SameAs> {
    let entry = (1_u32..4).prop_map(|number| format!("https://www.wikidata.org/wiki/Q{number}").parse().unwrap());
    prop::collection::btree_set(entry, 0..3).prop_map(|entries| entries.try_into().unwrap())
}

fn records() -> impl Strategy<Value = Record> {
    let nature = prop_oneof![
        2 => Just(Nature::Place),
        3 => Just(Nature::Organisation),
        1 => Just(Nature::Topic),
        1 => (prop::option::of(lines()), prop::option::of(keys()))
            .prop_map(|(role, affiliation)| Nature::Person { role, affiliation }),
    ];
    let alias = lines().prop_map(|name| Alias { name, language: "zh".parse().unwrap() });
    let entity = (keys(), nature, lines(), prop::collection::vec(alias, 0..2), prop::option::of(keys()), same_as())
        .prop_map(|(key, nature, name, aliases, part_of, same_as)| {
            Record::Entity(Entity { key, nature, name, aliases, part_of, description: None, same_as })
        });
    let source = (
        keys(),
        lines(),
        prop::bool::ANY,
        keys(),
        dates(),
        prop::collection::vec(lines(), 0..2),
        prop::option::of(keys()),
    )
        .prop_map(|(key, name, seen, publisher, published, authors, copy_of)| {
            Record::Source(Source {
                key,
                kind: SourceKind::Report,
                name: if seen { SourceName::Title(name) } else { SourceName::Description(name) },
                url: seen.then(|| "https://example.org/a".parse().unwrap()),
                archive_url: None,
                publisher,
                copy_of,
                authors,
                published,
                language: "en".parse().unwrap(),
                accessed: None,
                seen: Seen::Full,
                note: None,
            })
        });
    let short = prop::option::of(Just("In short".parse().unwrap()));
    let statement =
        (keys(), keys(), lines(), short, quotes(), dates(), prop::collection::btree_set(keys(), 0..3), citations())
            .prop_map(|(key, speaker, text, short, quote, said, about, citations)| {
                Record::Statement(Statement {
                    key,
                    speaker,
                    speaker_role: None,
                    text,
                    short,
                    quote,
                    said,
                    about,
                    citations,
                })
            });
    let response = (
        keys(),
        prop::collection::btree_set(keys(), 1..3),
        keys(),
        prop::sample::select(ResponseKind::ALL),
        lines(),
        prop::option::of(Just("had closed".parse().unwrap())),
        quotes(),
        dates(),
        citations(),
    )
        .prop_map(|(key, to, responder, kind, text, gist, quote, said, citations)| {
            let to = AnsweredStatements::try_from(to).unwrap();
            Record::Response(Response { key, to, responder, kind, text, gist, quote, said, citations })
        });
    prop_oneof![4 => entity, 2 => source, 2 => statement, 2 => response]
}

pub fn operations() -> impl Strategy<Value = Operation> {
    let announcements = || (dates(), lines()).prop_map(|(on, reason)| Announcement { on, reason });
    let names = || (prop::sample::select(RecordKind::ALL), keys()).prop_map(|(kind, key)| RecordKey::new(kind, key));
    prop_oneof![
        8 => (records(), dates())
            .prop_map(|(record, vetted)| Operation::Create { record, standing: Standing { vetted, ..Standing::default() } }),
        3 => (records(), prop::collection::vec(announcements(), 0..2), dates())
            .prop_map(|(record, corrections, vetted)| Operation::Edit { record, corrections, vetted }),
        1 => (names(), announcements()).prop_map(|(target, announcement)| Operation::Retract { target, announcement }),
        1 => names().prop_map(|target| Operation::Restore { target }),
        1 => (keys(), keys()).prop_map(|(from, into)| Operation::Merge { from, into }),
    ]
}

/// Enough entities and sources for the random records to refer to.
pub fn beginning() -> Vec<Operation> {
    let create = |record| Operation::Create { record, standing: Standing::default() };
    let mut operations = Vec::new();
    for number in 0..4 {
        operations.push(create(Record::Entity(Entity {
            key: key(number),
            nature: if number == 3 { Nature::Place } else { Nature::Organisation },
            name: line("Name"),
            aliases: Vec::new(),
            part_of: None,
            description: None,
            same_as: SameAs::default(),
        })));
    }
    for number in 0..4 {
        operations.push(create(Record::Source(Source {
            key: key(number),
            kind: SourceKind::NewsArticle,
            name: SourceName::Title(line("Title")),
            url: None,
            archive_url: None,
            publisher: key(0),
            copy_of: None,
            authors: Vec::new(),
            published: None,
            language: "en".parse().unwrap(),
            accessed: None,
            seen: Seen::Cited,
            note: None,
        })));
    }
    for number in 0..3 {
        operations.push(create(Record::Statement(Statement {
            key: key(number),
            speaker: key(1),
            speaker_role: None,
            text: line("It was said."),
            short: None,
            quote: None,
            said: None,
            about: [key(3)].into(),
            citations: Citations::try_from(vec![Citation {
                source: key(2),
                role: CitationRole::Original,
                locator: None,
            }])
            .unwrap(),
        })));
    }
    operations
}

fn review() -> Review {
    Review {
        reviewer: Identity::new(Platform::Terminal, "reviewer").unwrap(),
        at: "2026-11-24T12:00:00Z".parse().unwrap(),
        reason: line("Read."),
    }
}

fn proposal(operations: Vec<Operation>) -> Proposal {
    Proposal {
        summary: line("A change."),
        author: Identity::new(Platform::Terminal, "author").unwrap(),
        proposed_at: "2026-11-24T11:00:00Z".parse().unwrap(),
        operations,
    }
}

fn tables(store: &Store) -> Ledger {
    let reader = store.reader().unwrap();
    reader.all_ids().unwrap().into_iter().map(|id| reader.held_by_id(id).unwrap().unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_tables_are_what_the_approved_changes_add_up_to(
        changes in prop::collection::vec(prop::collection::vec(operations(), 1..4), 1..24),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("onrecord.db")).unwrap();
        let mut ledger = Ledger::default();
        let on = Date::of(review().at);
        let mut approved = 0;
        for operations in std::iter::once(beginning()).chain(changes) {
            let mut next = ledger.clone();
            let in_memory = apply(&mut next, &operations, on);
            let in_tables = store.submit_reviewed(proposal(operations), review());
            match (in_memory, in_tables) {
                (Ok(_), Ok(_)) => {
                    ledger = next;
                    approved += 1;
                }
                (Err(ApplyError::Refused(memory)), Err(StoreError::Refused(Refusal::Rule(tables)))) => prop_assert_eq!(memory, tables),
                (memory, tables) => prop_assert!(false, "in memory {:?}, in the tables {:?}", memory, tables),
            }
        }
        prop_assert_eq!(&tables(&store), &ledger);

        // The same again from the history alone.
        let reader = store.reader().unwrap();
        let mut folded = Ledger::default();
        for id in reader.approved_after(Sequence::BEGINNING).unwrap() {
            apply(&mut folded, &reader.change(id).unwrap().proposal.operations, on).unwrap();
        }
        prop_assert_eq!(&folded, &ledger);
        prop_assert_eq!(reader.latest_sequence().unwrap(), Sequence(approved));
    }
}

#[test]
fn a_change_is_decided_once_by_someone_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("onrecord.db")).unwrap();
    let id = store.propose(proposal(beginning())).unwrap();
    assert_eq!(tables(&store), Ledger::default(), "a pending change is applied to nothing");
    let own = Review { reviewer: Identity::new(Platform::Terminal, "author").unwrap(), ..review() };
    let authority = Authority::of([own.reviewer.clone(), review().reviewer]);
    assert!(matches!(
        store.approve(id, own, looked(&store, id), &authority),
        Err(StoreError::Refused(Refusal::OwnChange(_)))
    ));
    let nobody = Authority::of([]);
    assert!(matches!(
        store.approve(id, review(), looked(&store, id), &nobody),
        Err(StoreError::Refused(Refusal::NeedsRole { .. }))
    ));
    assert_eq!(store.approve(id, review(), looked(&store, id), &authority).unwrap().sequence, Sequence(1));
    assert!(matches!(
        store.approve(id, review(), looked(&store, id), &authority),
        Err(StoreError::Refused(Refusal::AlreadyDecided(_)))
    ));
    assert!(matches!(
        store.reject(id, review(), looked(&store, id), &authority),
        Err(StoreError::Refused(Refusal::AlreadyDecided(_)))
    ));
    assert!(matches!(store.propose(proposal(Vec::new())), Err(Failure::Empty)));
}

#[test]
fn the_history_of_a_record_can_be_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("onrecord.db")).unwrap();
    store.submit_reviewed(proposal(beginning()), review()).unwrap();
    let retract = Operation::Retract {
        target: RecordKey::new(RecordKind::Statement, key(0)),
        announcement: Announcement { on: None, reason: line("Withdrawn by the publisher.") },
    };
    store.submit_reviewed(proposal(vec![retract]), review()).unwrap();
    store.submit_reviewed(proposal(vec![Operation::Merge { from: key(1), into: key(2) }]), review()).unwrap();
    let reader = store.reader().unwrap();
    let statement = reader.record_id(&RecordKey::new(RecordKind::Statement, key(0))).unwrap().unwrap();
    let history = reader.history(statement).unwrap();
    let words: Vec<String> =
        history.iter().map(|item| format!("{} {}", item.change, item.operations.join(" "))).collect();
    assert_eq!(words, ["C1 create", "C2 retract", "C3 "]);
    let view = reader.entry(StatementId(statement.number)).unwrap().unwrap();
    assert_eq!(view.standing.retracted.as_ref().unwrap().reason.as_str(), "Withdrawn by the publisher.");
    assert_eq!(view.speaker.id.to_string(), "E3", "what named the merged entity names the one that stays");
}

#[test]
fn a_reader_sees_entries_as_they_were_when_it_began_whoever_else_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("onrecord.db")).unwrap();
    store.submit_reviewed(proposal(beginning()), review()).unwrap();
    let retracted = |reader: &onrecord::store::Reader<'_>| {
        let id = reader.record_id(&RecordKey::new(RecordKind::Statement, key(0))).unwrap().unwrap();
        // Twice: what was read before is kept.
        let seen =
            [(), ()].map(|()| reader.entry(StatementId(id.number)).unwrap().unwrap().standing.retracted.is_some());
        assert_eq!(seen[0], seen[1]);
        seen[0]
    };
    let before = store.reader().unwrap();
    assert!(!retracted(&before));
    let retract = Operation::Retract {
        target: RecordKey::new(RecordKind::Statement, key(0)),
        announcement: Announcement { on: None, reason: line("Withdrawn by the publisher.") },
    };
    store.submit_reviewed(proposal(vec![retract]), review()).unwrap();
    let after = store.reader().unwrap();
    assert!(retracted(&after), "the next reader sees the change");
    assert!(!retracted(&before), "one that began before does not");
    assert!(retracted(&after));
    before.refresh().unwrap();
    assert!(retracted(&before), "until it goes on");
}
