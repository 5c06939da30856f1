//! What entities are in Wikidata and GeoNames: taken in any form, kept in one, and of one entity alone.

use onrecord::{
    import_export::{ImportError, import, read_texts, write_pack},
    model::{HeldRecord, RecordId, RecordKind},
    reply::{Outcome, Reply, json::JsonReply},
    store::Store,
};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{
    editorial::{decide, say, town},
    support::{World, attribution, read},
};

const WIKIDATA: &str = "https://www.wikidata.org/wiki/Q3130";
const GEONAMES: &str = "https://www.geonames.org/2147714";

fn words(reply: &Reply) -> String {
    serde_json::to_value(JsonReply::of(reply)).unwrap().to_string()
}

#[track_caller]
fn done(world: &World, who: &str, line: &str) -> String {
    let reply = if line.starts_with("approve") { decide(world, who, line) } else { say(world, who, line) };
    assert_eq!(reply.outcome, Outcome::Answered, "{line}: {}", words(&reply));
    words(&reply)
}

#[track_caller]
fn refused(world: &World, who: &str, line: &str) -> String {
    let reply = say(world, who, line);
    assert_eq!(reply.outcome, Outcome::Misused, "{line}: {}", words(&reply));
    words(&reply)
}

/// What an entity is in catalogues, as its record has it.
fn same_as(world: &World, number: i64) -> Value {
    let held = world.app.store.reader().unwrap().held_by_id(RecordId::new(RecordKind::Entity, number)).unwrap();
    serde_json::to_value(held.unwrap().record).unwrap()["entity"]["same_as"].clone()
}

fn problems(store: &Store) -> Vec<String> {
    store.reader().unwrap().verify().unwrap().problems
}

/// A town where E4, Sydney, is in both catalogues.
fn sydney() -> World {
    let world = town();
    let form = "add entity\nname: Sydney\nkind: place\n\
                same-as: <http://www.wikidata.org/entity/Q3130>; [there](https://sws.geonames.org/2147714/)";
    done(&world, "terminal:cai", form);
    let shown = done(&world, "terminal:rui", "review C2");
    assert!(shown.contains(&format!("Same as: {WIKIDATA}; {GEONAMES}")), "{shown}");
    done(&world, "terminal:rui", "approve C2");
    world
}

#[test]
fn an_entity_is_told_with_what_it_is_in_catalogues() {
    let world = sydney();
    let reply = world.ask("about Sydney");
    let card = serde_json::to_value(JsonReply::of(&reply)).unwrap();
    assert_eq!(card["records"][0]["same_as"], json!([WIKIDATA, GEONAMES]));
    assert!(card["text"].to_string().contains("Also known in: Wikidata Q3130, GeoNames 2147714"), "{card}");
    // In lists they would be in the way.
    assert!(!words(&world.ask("places")).contains("same_as"));
    assert!(problems(&world.app.store).is_empty());
    // What is on record stands in the form of an edit, and a dash takes it away.
    let form = done(&world, "terminal:cai", "edit E4");
    assert!(form.contains(&format!("same-as: {GEONAMES}")), "{form}");
    say(&world, "terminal:cai", "answer cancel");
    done(&world, "terminal:cai", &format!("edit E4\nsame-as: {GEONAMES}"));
    let shown = done(&world, "terminal:rui", "review C3");
    assert!(shown.contains(&format!("Same as: [-{WIKIDATA}-]; {GEONAMES}")), "{shown}");
    done(&world, "terminal:rui", "approve C3");
    done(&world, "terminal:cai", "edit E4\nsame-as: -");
    done(&world, "terminal:rui", "approve C4");
    assert_eq!(same_as(&world, 4), Value::Null);
    done(&world, "terminal:cai", "revert C4");
    done(&world, "terminal:rui", "approve C5");
    assert_eq!(same_as(&world, 4), json!([GEONAMES]));
    assert!(problems(&world.app.store).is_empty());
}

#[test]
fn what_is_no_entry_or_that_of_another_entity_is_refused() {
    let world = sydney();
    let form = |name: &str, address: &str| format!("add entity\nname: {name}\nkind: place\nsame-as: {address}");
    for address in ["Q3130", "https://en.wikipedia.org/wiki/Sydney", "https://www.wikidata.org/wiki/P31"] {
        let why = refused(&world, "terminal:cai", &form("Perth", address));
        assert!(why.contains("is no entry of Wikidata or GeoNames") && why.contains(GEONAMES), "{why}");
    }
    let nine: Vec<String> = (1..10).map(|number| format!("https://www.geonames.org/{number}")).collect();
    let why = refused(&world, "terminal:cai", &form("Perth", &nine.join("\n")));
    assert!(why.contains("at most 8"), "{why}");
    let why = refused(&world, "terminal:cai", &form("Perth", "https://m.wikidata.org/wiki/Q3130"));
    assert!(why.contains("same-as: Wikidata Q3130 is E4 on record already"), "{why}");
    let why = refused(&world, "terminal:cai", &format!("edit E1\nsame-as: {WIKIDATA}"));
    assert!(why.contains("Wikidata Q3130 is E4"), "{why}");
    let two = "add entity\nname: Perth\nkind: place\nsame-as: https://www.geonames.org/7\n\
               + entity\nname: Fremantle\nkind: place\nsame-as: https://www.geonames.org/7";
    let why = refused(&world, "terminal:cai", two);
    assert!(why.contains("two entities of this change are GeoNames 7"), "{why}");
    // Two proposals of it: the other is told of before, and the second isn't approved.
    done(&world, "terminal:cai", &form("Perth", "https://www.geonames.org/7"));
    let second = form("Swan River Colony", "https://www.geonames.org/7");
    let told = words(&say(&world, "discord:33", &second));
    assert!(told.contains("C3"), "{told}");
    done(&world, "discord:33", &format!("{second}\nconfirm: yes"));
    done(&world, "terminal:rui", "approve C3");
    let why = words(&decide(&world, "terminal:rui", "approve C4"));
    assert!(why.contains("GeoNames 7 is E5 on record already"), "{why}");
}

#[test]
fn of_two_that_are_merged_the_one_that_stays_has_all_and_gives_it_back() {
    let world = sydney();
    done(&world, "terminal:cai", "add entity\nname: City of Sydney\nkind: place\nsame-as: https://www.geonames.org/7");
    done(&world, "terminal:rui", "approve C3");
    done(&world, "terminal:cai", "merge E5 into E4");
    done(&world, "terminal:rui", "approve C4");
    assert_eq!(same_as(&world, 4), json!([WIKIDATA, "https://www.geonames.org/7", GEONAMES]));
    // What was merged away has what it had, and is in nobody's way.
    assert_eq!(same_as(&world, 5), json!(["https://www.geonames.org/7"]));
    done(&world, "terminal:cai", "edit E4\ndescription: A city.");
    done(&world, "terminal:rui", "approve C5");
    done(&world, "terminal:cai", "revert C4");
    done(&world, "terminal:rui", "approve C6");
    assert_eq!(same_as(&world, 4), json!([WIKIDATA, GEONAMES]));
    assert!(problems(&world.app.store).is_empty());
}

#[test]
fn what_another_was_given_meanwhile_is_not_given_back_and_what_has_no_room_is_told() {
    let world = sydney();
    done(&world, "terminal:cai", "retract E4 There are two of them.");
    done(&world, "terminal:rui", "approve C3");
    done(&world, "terminal:cai", &format!("add entity\nname: Sydney, Australia\nkind: place\nsame-as: {WIKIDATA}"));
    done(&world, "terminal:rui", "approve C4");
    done(&world, "terminal:cai", "restore E4 It was the right one.");
    let shown = done(&world, "terminal:rui", "review C5");
    assert!(shown.contains("Wikidata Q3130 is E5 on record already"), "{shown}");
    let reply = decide(&world, "terminal:rui", "approve C5");
    assert_eq!(reply.outcome, Outcome::Misused, "{}", words(&reply));
    // Eight and one more: what stays keeps its own.
    let eight: Vec<String> = (1..9).map(|number| format!("https://www.wikidata.org/wiki/Q90{number}")).collect();
    done(
        &world,
        "terminal:cai",
        &format!("add entity\nname: Full\nkind: place\nsame-as: {}", eight.join("\nsame-as: ")),
    );
    done(&world, "terminal:rui", "approve C6");
    done(&world, "terminal:cai", "merge E5 into E6");
    let shown = done(&world, "terminal:rui", "review C7");
    assert!(shown.contains("doesn't take over Wikidata Q3130"), "{shown}");
}

#[test]
fn a_pack_brings_it_along_and_an_export_gives_it_back() {
    const PLACE: &str = "[[entity]]\nkey = \"sydney\"\nkind = \"place\"\nname = \"Sydney\"\n";
    let pack = format!(
        "{PLACE}same_as = [\"http://www.wikidata.org/entity/Q3130\", \"http://geonames.org/2147714/sydney.html\"]\n"
    );
    let world = World::of(&pack);
    let exported = |world: &World| {
        let reader = world.app.store.reader().unwrap();
        let ids = reader.all_ids().unwrap();
        let held: Vec<HeldRecord> = ids.into_iter().filter_map(|id| reader.held_by_id(id).unwrap()).collect();
        write_pack("", &held)
    };
    let text = exported(&world);
    assert!(text.contains(&format!("same_as = [\"{WIKIDATA}\", \"{GEONAMES}\"]")), "{text}");
    let again = World::of(&text);
    assert_eq!(exported(&again), text);
    // The same entry at another entity, on record or in the pack, is told with its place.
    let twin = format!("[[entity]]\nkey = \"perth\"\nkind = \"place\"\nname = \"Perth\"\nsame_as = [\"{GEONAMES}\"]\n");
    let Err(ImportError::Pack(errors)) = import(&world.app.store, &read(&twin), attribution()) else {
        panic!("it was taken in")
    };
    assert!(errors[0].to_string().contains("GeoNames 2147714 is E1 already"), "{}", errors[0]);
    let both = format!("{text}\n{twin}");
    let Err(ImportError::Pack(errors)) = import(&World::empty().app.store, &read(&both), attribution()) else {
        panic!("it was taken in")
    };
    assert!(errors[0].to_string().contains("GeoNames 2147714 is the entity sydney already"), "{}", errors[0]);
    let odd = format!("{PLACE}same_as = [\"https://example.org/Q1\"]\n");
    let errors = read_texts(vec![("a.toml".to_owned(), odd)]).unwrap_err();
    assert!(errors[0].to_string().contains("is no entry of Wikidata or GeoNames"), "{}", errors[0]);
}

#[test]
fn what_someone_else_writes_there_is_found() {
    let world = sydney();
    let path = world.app.store.path().to_owned();
    for forged in [
        "UPDATE same_as SET address = 'https://www.wikidata.org/wiki/Q1' WHERE address LIKE '%Q3130'",
        "DELETE FROM same_as",
        "INSERT INTO same_as (entity, address) VALUES (1, 'https://www.geonames.org/1')",
    ] {
        let connection = Connection::open(&path).unwrap();
        connection.execute(forged, []).unwrap();
        drop(connection);
        assert_ne!(problems(&world.app.store), Vec::<String>::new(), "{forged}");
        let connection = Connection::open(&path).unwrap();
        connection.execute("DELETE FROM same_as", []).unwrap();
        for address in [WIKIDATA, GEONAMES] {
            connection.execute("INSERT INTO same_as (entity, address) VALUES (4, ?1)", [address]).unwrap();
        }
        drop(connection);
        assert_eq!(problems(&world.app.store), Vec::<String>::new());
    }
    // Nothing but such addresses can stand there at all.
    let connection = Connection::open(&path).unwrap();
    connection.execute("INSERT INTO same_as (entity, address) VALUES (1, 'https://example.org/1')", []).unwrap_err();
}
