//! `source`: who said what about something, who answered, and where it was reported.

use crate::commands::{
    Argument, Arguments, CommandError, Context, Value,
    asking::in_short::EntriesInShort,
    asking::present::{self, count, entity_in_words},
    asking::{elsewhere, linked, overview},
    calls,
    definitions::asking::{FULL, ORGANISATIONS, PEOPLE, PLACES, QUESTION, SOURCE},
    with_value,
};
use crate::{
    gazetteer::Gazetteer,
    model::{Date, EntityId, EntityKind},
    reply::{Outcome, Page, Reply, Text},
    search::{
        Filter, FilterField, Found, Links, MOST_CONDITIONS, MOST_WORDS, Named, Names, Question, Relation, Several,
        TimeSaid, Understanding,
    },
    store::Vetted,
};

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    if arguments.is_empty() {
        return Err(
            crate::commands::UsageError::Missing { name: "question", what: "A name or words to look for" }.into()
        );
    }
    let links = arguments.text("question").map(Links::read).unwrap_or_default();
    if !links.all.is_empty()
        && let Some(reply) = linked::answer(context, arguments, &links)?
    {
        return Ok(reply);
    }
    let question = question(context, arguments, &links)?;
    let mut meaning = context.search.understand(&question)?;
    if !meaning.elsewhere.is_empty() {
        return elsewhere::nothing_on(context, &meaning);
    }
    context.search.keep_company(&mut meaning)?;
    if let [named] = meaning.named.as_slice()
        && is_open(context.search.names(), named)
        && meaning.asks_for_names_alone()
    {
        return Ok(which_is_meant(context.search.names(), &meaning, named));
    }
    let page = arguments.page();
    let offset = (page - 1) * context.page_size;
    let found = context.search.find_or_nearly(&meaning, offset, context.page_size)?;
    let time_said = question.time_said.as_ref();
    if found.counts.statements > 0 {
        let reply = answer(context, arguments, &meaning, &found)?;
        return Ok(time_said.into_iter().fold(reply, |reply, said| reply.hint(without_time(arguments, said))));
    }
    // "In 2023" may be when something was done, not when it was said.
    let at_any_time = Understanding { since: None, until: None, ..meaning.clone() };
    if let Some(said) = time_said {
        let found = context.search.find_or_nearly(&at_any_time, offset, context.page_size)?;
        if found.counts.statements > 0 {
            let reply = answer(context, arguments, &at_any_time, &found)?;
            return Ok(reply.hint(format!("Nothing said “{}” is on record; these are of any time.", said.words)));
        }
    }
    Ok(nothing_found(context, &meaning, arguments))
}

/// Says which words were read as a time, and how to ask without.
fn without_time(arguments: &Arguments, said: &TimeSaid) -> Text {
    let text = Text::from(format!("“{}” was read as when it was said.", said.words));
    if said.rest.is_empty() {
        return text;
    }
    text.plain(" At any time: ").ask(with_value(&arguments.to_call(&SOURCE), &QUESTION, &said.rest))
}

/// Whether several that aren't called the same go by a name of the question.
fn is_open(names: &Names, named: &Named) -> bool {
    let mut called: Vec<&str> =
        named.entities.iter().filter_map(|&id| names.entity(id)).map(|entity| entity.name.as_str()).collect();
    called.dedup();
    named.several == Several::OneOfThem && named.relation == Relation::Any && !named.excluded && called.len() > 1
}

/// Asks which of several is meant by the only name of a question.
fn which_is_meant(names: &Names, meaning: &Understanding, named: &Named) -> Reply {
    let mut reply = Reply::new(Outcome::Answered).heading(format!("“{}” may mean:", named.typed));
    reply.understood = Some(Box::new(present::json_understood(names, meaning)));
    let mut items = Vec::new();
    for entity in named.entities.iter().filter_map(|&id| names.entity(id)) {
        items.push(
            Text::new()
                .strong(entity.name.as_str())
                .plain(format!(", {} — ", entity_in_words(names, entity.id)))
                .ask(calls::ask_for(&entity.name)),
        );
        reply = reply.action(entity.name.clone(), calls::ask_for(&entity.name));
    }
    reply.list(items)
}

/// The question that the arguments ask, as it is typed: links in it are words.
pub(super) fn as_typed(arguments: &Arguments, today: Date) -> Question {
    let mut question = arguments.text("question").map(Question::read).unwrap_or_default();
    question.filters = arguments.iter().filter_map(filter).collect();
    question.with_dates(today)
}

/// The question that the arguments ask. What a link that isn't on record consists of is no word to look for.
fn question(context: &Context<'_>, arguments: &Arguments, links: &Links) -> Result<Question, CommandError> {
    let mut host = None;
    let text = match arguments.text("question") {
        Some(_) if links.all.iter().any(|link| link.written) => links.beside.as_str(),
        Some(text) => {
            // A host alone is its publisher.
            host = if links.has_words() { None } else { linked::publishers_meant(context, text)? };
            if host.is_some() { "" } else { text }
        }
        None => "",
    };
    let mut question = Question::read(text);
    for argument in arguments.iter() {
        let field = match (argument.name, &argument.value) {
            ("from", Value::Text(text)) => linked::publishers_meant(context, text)?.map(by_host),
            _ => None,
        };
        let by_host = field.map(|field| Filter { field, excluded: argument.excluded });
        question.filters.extend(by_host.or_else(|| filter(argument)));
    }
    question.filters.extend(host.map(|host| Filter { field: by_host(host), excluded: false }));
    Ok(question.with_dates(Date::of(context.request.now)))
}

fn by_host((host, publishers): (String, Vec<EntityId>)) -> FilterField {
    FilterField::Host { host, publishers }
}

fn filter(argument: &Argument) -> Option<Filter> {
    let name = |text: &String| text.clone();
    let field = match (argument.name, &argument.value) {
        ("by", Value::Text(text)) => FilterField::By(name(text)),
        ("about", Value::Text(text)) => FilterField::About(name(text)),
        ("place", Value::Text(text)) => FilterField::Place(name(text)),
        ("org", Value::Text(text)) => FilterField::Organisation(name(text)),
        ("from", Value::Text(text)) => FilterField::From(name(text)),
        ("since", Value::Date(date)) => FilterField::Since(*date),
        ("until", Value::Date(date)) => FilterField::Until(*date),
        ("lang", Value::Language(language)) => FilterField::Language(language.clone()),
        _ => return None,
    };
    Some(Filter { field, excluded: argument.excluded })
}

fn answer(
    context: &Context<'_>,
    arguments: &Arguments,
    meaning: &Understanding,
    found: &Found,
) -> Result<Reply, CommandError> {
    let names = context.search.names();
    let mut reply = Reply::new(Outcome::Answered).heading(understood(names, meaning, true));
    reply.understood = Some(Box::new(present::json_understood(names, meaning)));
    let mut views = Vec::with_capacity(found.statements.len());
    for &number in &found.statements {
        views.extend(context.records.entry(number)?);
    }
    let mut summary = counts(found);
    if let Some(day) = views.iter().map(|view| view.vetted).reduce(Vetted::or_later).and_then(|latest| latest.on) {
        summary = summary.plain(" · last vetted ").date(day);
    }
    reply = reply.paragraph(summary);
    for named in meaning.named.iter().filter(|named| named.misspelt) {
        reply = reply.hint(format!("“{}” was read as {}.", named.typed, alternatives(names, named)));
    }
    for named in meaning.named.iter().filter(|named| is_open(names, named)) {
        let mut text = Text::from(format!("“{}” may mean: ", named.typed));
        for (at, &id) in named.entities.iter().take(MOST_SPELT_OUT).enumerate() {
            let name = names.entity(id).map_or("", |entity| entity.name.as_str());
            let comma = if at == 0 { "" } else { "; " };
            text = text.plain(format!("{comma}{name}, {} ", entity_in_words(names, id))).ask(calls::ask_for(name));
        }
        reply = reply.hint(text);
    }
    if let Some(kept) = found.only_named.and_then(|place| meaning.named.get(place)) {
        reply =
            reply.hint(format!("No entry concerns all of these; the entries are on {}.", alternatives(names, kept)));
    }
    if found.words_dropped {
        let words: Vec<&str> = meaning.words.iter().map(|word| word.typed.as_str()).collect();
        reply = reply
            .hint(format!("No entry here has the words “{}”; these are the entries without them.", words.join(" ")));
    }
    reply = words_left_out(reply, meaning);
    if meaning.named.is_empty() && !meaning.maybe_meant.is_empty() {
        let near: Vec<&str> = meaning
            .maybe_meant
            .iter()
            .filter_map(|&id| names.entity(id))
            .map(|entity| entity.name.as_str())
            .take(3)
            .collect();
        let mut text = Text::from("Did you mean ");
        for (at, name) in near.iter().enumerate() {
            text = text.plain(if at == 0 { "" } else { " or " }).ask(calls::ask_for(name));
        }
        reply = reply.hint(text.plain("?"));
    }
    let is_full = arguments.text(FULL) == Some("yes");
    let mut in_short = EntriesInShort::default();
    for view in &views {
        reply = reply.entry(if is_full { present::statement(view) } else { in_short.entry(view) });
        reply.records.push(present::json_statement(view));
    }
    if arguments.page() == 1
        && let Some(also) = found.beyond.as_ref().and_then(|beyond| overview::also(names, beyond))
    {
        reply = reply.hint(also);
    }
    let pages = found.counts.statements.div_ceil(context.page_size).max(1);
    Ok(reply.on_page(Page::new(arguments.page(), pages, arguments.to_call(&SOURCE))))
}

fn words_left_out(reply: Reply, meaning: &Understanding) -> Reply {
    let reply = match meaning.conditions_left_out {
        0 => reply,
        _ => reply.hint(format!(
            "Only the first {MOST_CONDITIONS} names, phrases and exclusions were minded; {} were left out.",
            meaning.conditions_left_out
        )),
    };
    match meaning.words_left_out {
        0 => reply,
        _ => reply.hint(
            Text::from(format!("Only the first {MOST_WORDS} words were looked for. A whole message is for "))
                .ask(calls::check_replied_to())
                .plain("."),
        ),
    }
}

/// What was understood: the entities in words, then what else was asked.
fn understood(names: &Names, meaning: &Understanding, begins: bool) -> Text {
    let mut text = Text::new();
    for (at, named) in meaning.named.iter().enumerate() {
        let relation = match named.relation {
            Relation::Any | Relation::Subject | Relation::Party => "",
            Relation::Speaker => "by ",
            Relation::Publisher => "reported by ",
        };
        let joint = match (at, named.excluded) {
            (0, false) => relation.to_owned(),
            (0, true) => "Everything without ".to_owned(),
            (_, false) => format!(" + {relation}"),
            (_, true) => " without ".to_owned(),
        };
        text = text.plain(capitalised(&joint, begins && at == 0)).strong(alternatives(names, named));
        if let [only] = named.entities.as_slice()
            && meaning.named.len() == 1
            && names.entity(*only).is_some_and(|entity| entity.kind != EntityKind::Topic)
        {
            text = text.plain(format!(", {}", entity_in_words(names, *only)));
        }
    }
    let mut rest = Vec::new();
    if !meaning.words.is_empty() {
        let words: Vec<&str> = meaning.words.iter().map(|word| word.typed.as_str()).collect();
        rest.push(format!("the words “{}”", words.join(" ")));
    }
    rest.extend(meaning.phrases.iter().map(|phrase| format!("the phrase “{}”", phrase.join(" "))));
    rest.extend(meaning.without.iter().map(|words| format!("without “{}”", words.join(" "))));
    rest.extend(meaning.since.map(|date| format!("since {date}")));
    rest.extend(meaning.until.map(|date| format!("until {date}")));
    rest.extend(meaning.languages.iter().map(|language| format!("in {}", language.name())));
    rest.extend(meaning.without_languages.iter().map(|language| format!("not in {}", language.name())));
    if rest.is_empty() {
        return text;
    }
    let rest = rest.join(", ");
    if text.0.is_empty() { Text::from(capitalised(&rest, begins)) } else { text.plain(format!(" — {rest}")) }
}

/// How many of those that a name may mean are spelt out.
const MOST_SPELT_OUT: usize = 5;

fn alternatives(names: &Names, named: &Named) -> String {
    if let Several::In(whole) = named.several {
        let places = count(named.entities.len(), "place", "places");
        return format!("{} ({places} on record)", Gazetteer::shipped().told_apart(whole));
    }
    let mut found: Vec<&str> =
        named.entities.iter().filter_map(|&id| names.entity(id)).map(|entity| entity.name.as_str()).collect();
    found.dedup();
    // Only a host has so many.
    if found.len() > MOST_SPELT_OUT {
        return format!(
            "{} or others on {}",
            found.iter().take(MOST_SPELT_OUT).copied().collect::<Vec<_>>().join(", "),
            named.typed
        );
    }
    found.join(" or ")
}

fn capitalised(text: &str, wanted: bool) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if wanted => first.to_uppercase().chain(characters).collect(),
        _ => text.to_owned(),
    }
}

fn counts(found: &Found) -> Text {
    let mut parts = vec![count(found.counts.statements, "statement", "statements")];
    parts.extend(found.counts.responses.map(|number| count(number, "response", "responses")));
    parts.extend(found.counts.sources.map(|number| count(number, "source", "sources")));
    Text::from(parts.join(" · "))
}

/// Says that nothing is on record, what was understood, and which names are near. The gap is never
/// filled.
fn nothing_found(context: &Context<'_>, meaning: &Understanding, arguments: &Arguments) -> Reply {
    let names = context.search.names();
    let mut reply = Reply::new(Outcome::NothingFound);
    reply.understood = Some(Box::new(present::json_understood(names, meaning)));
    let heading = understood(names, meaning, false);
    reply = if heading.0.is_empty() {
        reply.heading("No vetted entry answers this.")
    } else {
        reply.heading("No vetted entry answers this.").paragraph(Text::from("Looked for: ").join(heading))
    };
    reply = words_left_out(reply, meaning);
    let mut suggested = Vec::new();
    for unknown in &meaning.unknown {
        let what = match unknown.filter {
            "by" => "speaker",
            "place" => "place",
            "org" => "organisation",
            "from" => "publisher",
            _ => "name",
        };
        reply = reply.hint(format!("No {what} on record is called “{}”.", unknown.typed));
        suggested.extend(unknown.suggestions.iter().copied());
    }
    suggested.extend(meaning.maybe_meant.iter().copied());
    if let Some(question) = arguments.text("question").filter(|_| meaning.unknown.is_empty()) {
        suggested.extend(names.suggestions(question, 5));
    }
    let mut seen = std::collections::HashSet::new();
    suggested.retain(|id| seen.insert(*id) && !meaning.named.iter().any(|named| named.entities.contains(id)));
    suggested.truncate(5);
    let items: Vec<Text> = suggested
        .iter()
        .filter_map(|&id| names.entity(id))
        .map(|entity| {
            Text::new()
                .strong(entity.name.as_str())
                .plain(format!(", {} — ", entity_in_words(names, entity.id)))
                .ask(calls::ask_for(&entity.name))
        })
        .collect();
    if items.is_empty() {
        reply.hint(
            Text::from("Names on record: ")
                .ask(PLACES.call(&[]))
                .plain(", ")
                .ask(ORGANISATIONS.call(&[]))
                .plain(", ")
                .ask(PEOPLE.call(&[])),
        )
    } else {
        reply.paragraph("Did you mean:").list(items)
    }
}
