//! Places by the names that the world has for them: those on record by any of them, those that aren't on record known as
//! places and never answered with others' entries.

use onrecord::{
    gazetteer::Gazetteer,
    layout::plain_text,
    reply::{Outcome, Reply},
    search::name_keys,
};

use super::support::World;

fn plain(reply: &Reply) -> String {
    plain_text(reply, "!")
}

fn heading(reply: &Reply) -> String {
    plain(reply).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_place_on_record_is_known_by_the_names_that_the_world_has_for_it() {
    let world = World::shipped();
    for (typed, name) in [
        ("Praag", "Prague"),
        ("Prag", "Prague"),
        ("Parigi", "Paris"),
        ("Mailand", "Milan"),
        ("シドニー", "Sydney"),
        ("Сидней", "Sydney"),
        ("Сідней", "Sydney"),
        ("سيدني", "Sydney"),
        ("Nueva York", "New York City"),
        ("Wien", "Vienna"),
        ("Голландия", "Netherlands"),
        ("オランダ", "Netherlands"),
        ("Holandia", "Netherlands"),
        ("Pays-Bas", "Netherlands"),
        ("Βελιγράδι", "Belgrade"),
        ("Lissabon", "Lisbon"),
        ("Sydney, Australia", "Sydney"),
        ("Sydney (Australia)", "Sydney"),
        ("Sydney in Australia", "Sydney"),
        ("London England", "London"),
    ] {
        for command in ["source", "about"] {
            // A card is of one name, as it is written.
            if command == "about" && typed.contains(char::is_whitespace) && typed != "Nueva York" {
                continue;
            }
            let reply = world.ask(&format!("{command} {typed}"));
            assert_eq!(reply.outcome, Outcome::Answered, "{command} {typed}");
            let heading = heading(&reply);
            assert!(
                heading == name
                    || heading.starts_with(&format!("{name}, "))
                    || heading.starts_with(&format!("{name} ")),
                "{command} {typed}: {heading}"
            );
        }
    }
}

#[test]
fn a_place_that_is_not_on_record_is_known_as_one_and_nothing_else_is_given() {
    let world = World::shipped();
    for (line, heading) in [
        ("source is there a chinese police station in Oslo", "Nothing on record about Oslo (Norway)."),
        ("source is there a chinese police station in oslo?", "Nothing on record about Oslo (Norway)."),
        ("source Niger", "Nothing on record about Niger."),
        ("source Mali", "Nothing on record about Mali."),
        ("source Congo", "Nothing on record about Democratic Republic of the Congo."),
        ("about Leeds", "Nothing on record about Leeds (United Kingdom)."),
        ("source leeds", "Nothing on record about Leeds (United Kingdom)."),
        ("about Iran", "Nothing on record about Iran."),
        ("about Nice", "Nothing on record about Nice (France)."),
        ("source Sienna", "Nothing on record about Siena (Italy)."),
        ("source Göteborg", "Nothing on record about Gothenburg (Sweden)."),
        ("source ヨーテボリ", "Nothing on record about Gothenburg (Sweden)."),
        ("source London, Ontario", "Nothing on record about London (Ontario, Canada)."),
        ("source Paris, Texas", "Nothing on record about Paris (Texas, United States)."),
        ("source Paris (Texas)", "Nothing on record about Paris (Texas, United States)."),
        ("source Santiago, Chile", "Nothing on record about Santiago (Santiago Metropolitan, Chile)."),
        ("source Sydney Nova Scotia", "Nothing on record about Sydney (Nova Scotia, Canada)."),
        ("source delegacia chinesa em Brasília", "Nothing on record about Brasília (Federal District, Brazil)."),
        ("source police station cork", "Nothing on record about Cork (Ireland)."),
        ("source Victoria, BC", "Nothing on record about Victoria (British Columbia, Canada)."),
        ("source place:oslo", "Nothing on record about Oslo (Norway)."),
        ("source about:Gothenburg police", "Nothing on record about Gothenburg (Sweden)."),
        ("source sydney, oslo or dublin", "Nothing on record about Oslo (Norway)."),
        ("source what did dresden police say about it", "Nothing on record about Dresden (Germany)."),
        ("source did the dutch government say anything on Gothenburg", "Nothing on record about Gothenburg (Sweden)."),
    ] {
        let reply = world.ask(line);
        assert_eq!((reply.outcome, self::heading(&reply).as_str()), (Outcome::NothingFound, heading), "{line}");
        assert!(reply.records.is_empty(), "{line}");
    }
    for (line, answer) in [
        (
            "source Gothenburg",
            "Nothing on record about Gothenburg (Sweden).\n\nOn Sweden: 1 statement — !source Sweden",
        ),
        (
            "source china oslo",
            "Nothing on record about Oslo (Norway).\n\nIn Norway: nothing.\n\nOn China: 73 statements — !source China",
        ),
        (
            "source ottawa",
            "Nothing on record about Ottawa (Ontario, Canada).\n\nOn Ontario: 4 statements — !source Ontario\n\n\
             On Embassy of China in Canada: 1 statement — !source \"Embassy of China in Canada\"",
        ),
    ] {
        assert_eq!(plain(&world.ask(line)).trim_end(), answer, "{line}");
    }
}

#[test]
fn what_lies_in_a_place_answers_for_it() {
    let world = World::shipped();
    for (line, heading) in [
        ("source europe", "Europe ("),
        ("source Europa", "Europe ("),
        ("source アジア", "Asia ("),
        ("source place:africa", "Africa ("),
    ] {
        let reply = world.ask(line);
        assert_eq!(reply.outcome, Outcome::Answered, "{line}");
        assert!(self::heading(&reply).starts_with(heading), "{line}: {}", self::heading(&reply));
    }
    // A country's entries are also those on its cities where nobody said what they lie in.
    let world = World::of(
        r#"
        [[entity]]
        key = "bulletin"
        kind = "organisation"
        name = "Town Bulletin"
        [[entity]]
        key = "norway"
        kind = "place"
        name = "Norway"
        [[entity]]
        key = "oslo"
        kind = "place"
        name = "Oslo"
        [[source]]
        key = "b-1"
        kind = "report"
        title = "Bulletin"
        publisher = "bulletin"
        language = "en"
        seen = "full"
        [[statement]]
        key = "s-oslo"
        speaker = "bulletin"
        text = "Town Bulletin noted an item."
        about = ["oslo"]
        citations = [{ source = "b-1", role = "original" }]
        "#,
    );
    assert_eq!(world.keys("source norge"), ["s-oslo"]);
    assert_eq!(world.keys("source Skandinavien"), [""; 0]);
}

#[test]
fn a_name_that_several_go_by_is_told_by_its_company_or_asked_for() {
    let world = World::shipped();
    let alone = world.ask("source ABC");
    assert_eq!(heading(&alone), "“ABC” may mean:");
    assert!(alone.records.is_empty());
    assert_eq!(heading(&world.ask("source ABC Sydney")), "ABC News (Australia) + Sydney");
}

#[test]
fn what_is_short_for_one_is_not_asked_for_because_others_are_called_by_it_too() {
    let world = World::shipped();
    for (short, is) in [
        ("UK", "United Kingdom, a place"),
        ("US", "United States, a place"),
        ("PRC", "China, a place"),
        ("CCP", "Chinese Communist Party, an organisation in China"),
    ] {
        assert_eq!(heading(&world.ask(&format!("source {short}"))), is);
    }
}

#[test]
fn a_person_is_not_taken_for_another_of_the_same_given_name() {
    let world = World::shipped();
    for line in ["source xi jinping", "source Xi Jinping police", "source Matteo Salvini", "source matteo salvini"] {
        let reply = world.ask(line);
        let named = reply.understood.as_ref().map_or(0, |understood| understood.names.len());
        assert_eq!(named, 0, "{line}: {}", heading(&reply));
    }
    for (line, name) in [("source Jinping Chen", "Chen Jinping"), ("source Piantedosi", "Matteo Piantedosi")] {
        assert!(heading(&world.ask(line)).starts_with(name), "{line}");
    }
}

#[test]
fn a_place_whose_parts_are_on_record_is_answered_with_them() {
    let world = World::shipped();
    for (typed, part, other) in [
        ("europe", "Ireland", "Japan"),
        ("Europa", "Ireland", "Japan"),
        ("asia", "Japan", "Ireland"),
        ("ヨーロッパ", "Ireland", "Japan"),
    ] {
        let reply = world.ask(&format!("about {typed}"));
        assert_eq!(reply.outcome, Outcome::Answered, "{typed}");
        let text = plain(&reply);
        assert!(text.lines().any(|line| line.contains(part) && line.contains("statement")), "{typed}: {text}");
        assert!(!text.contains(other), "{typed}: {text}");
        assert!(text.contains(&format!("!source {typed}")), "{typed}: {text}");
        let source = world.ask(&format!("source {typed}"));
        assert_eq!(source.outcome, Outcome::Answered, "{typed}");
    }
}

/// The gazetteer's names are kept folded. Whoever changes how names are folded makes it anew, see its README.
#[test]
fn the_gazetteer_is_folded_as_names_are() {
    let gazetteer = Gazetteer::shipped();
    let mut lost = Vec::new();
    for number in gazetteer.places() {
        let place = gazetteer.place(number).unwrap();
        let keys = name_keys(place.name);
        if !keys.iter().filter_map(|key| gazetteer.named(key)).any(|bearers| bearers.places.contains(&number)) {
            lost.push(place.name);
        }
    }
    // Those left out as common words, and those of which more have the name than are kept.
    assert!(lost.len() * 100 < gazetteer.len(), "{} of {}: {lost:?}", lost.len(), gazetteer.len());
}
