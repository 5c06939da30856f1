//! The file of vectors: what is made once isn't made again, and whatever happens to the file, messages are answered.

use std::{
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use onrecord::{
    app::shipped_attribution,
    import_export::{import, shipped_pack},
    meaning::{Embed, MeaningError, ModelId},
    search::{MatchVerdict, Search},
    store::Store,
};

use super::support::{attribution, read};

/// A model that counts letters: texts of the same letters mean the same to it.
#[derive(Debug)]
pub struct Letters {
    id: ModelId,
    asked: AtomicUsize,
}

impl Letters {
    pub fn named(name: &str) -> Arc<Self> {
        Arc::new(Self { id: ModelId::new(name, "0"), asked: AtomicUsize::new(0) })
    }

    fn vector(text: &str) -> Vec<f32> {
        let mut vector = vec![0.1_f32; 32];
        for character in text.chars() {
            vector[character as usize % 32] += 1.0;
        }
        let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        vector.into_iter().map(|number| number / length).collect()
    }
}

impl Embed for Letters {
    fn model(&self) -> &ModelId {
        &self.id
    }

    fn dimensions(&self) -> usize {
        32
    }

    fn message(&self, text: &str) -> Result<Vec<f32>, MeaningError> {
        Ok(Self::vector(text))
    }

    fn entry(&self, text: &str) -> Result<Vec<f32>, MeaningError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(Self::vector(text))
    }
}

fn shipped(folder: &Path) -> Store {
    let store = Store::open(&folder.join("records.db")).unwrap();
    import(&store, &shipped_pack().unwrap(), shipped_attribution().unwrap()).unwrap();
    store
}

/// How many texts are embedded when a program starts on what is in the folder, and ends after so many batches.
fn embedded(folder: &Path, store: &Store, model: &str, batches: usize) -> usize {
    let search = Search::open(&folder.join("index"), store).unwrap();
    let model = Letters::named(model);
    search.use_model(Arc::clone(&model) as Arc<dyn Embed>, store).unwrap();
    let mut before = 0;
    let mut left = batches;
    search
        .follow_meaning(store, &mut |progress| {
            left -= usize::from(progress.embedded > before);
            before = progress.embedded;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    // Whatever there is of vectors, a message is answered.
    search.snapshot().candidates("Chinese police stations in Dublin were closed", 3).unwrap();
    model.asked.load(Ordering::Relaxed)
}

#[test]
fn what_was_made_is_kept_whatever_happens_to_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let store = shipped(folder.path());
    let begun = embedded(folder.path(), &store, "letters", 2);
    assert_eq!(begun, 64, "two batches");
    let rest = embedded(folder.path(), &store, "letters", usize::MAX);
    assert!(rest > 0);
    assert_eq!(embedded(folder.path(), &store, "letters", usize::MAX), 0, "nothing is made twice");
    std::fs::remove_dir_all(folder.path().join("index")).unwrap();
    assert_eq!(embedded(folder.path(), &store, "letters", usize::MAX), 0, "an index built anew needs no vectors anew");
}

#[test]
fn what_has_no_vector_yet_is_found_by_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let store = shipped(folder.path());
    let search = Search::open(&folder.path().join("index"), &store).unwrap();
    search.use_model(Letters::named("letters"), &store).unwrap();
    search.follow_meaning(&store, &mut |_| ControlFlow::Continue(())).unwrap();
    // One more, which the index has and no vector.
    let pack = "[[statement]]\nkey = \"dragonflies\"\nspeaker = \"safeguard-defenders\"\n\
                text = \"The NGO said that zyxomma dragonflies were seen above the pond of the old mill.\"\n\
                about = [\"sydney\"]\ncitations = [{ source = \"sd-110-overseas-2022-09\", role = \"original\" }]\n";
    import(&store, &read(pack), attribution()).unwrap();
    search.catch_up(&store).unwrap();
    let checked = search.snapshot().check("zyxomma dragonflies were seen above the pond of the old mill", 3).unwrap();
    assert_eq!(checked.first().map(|first| first.verdict), Some(MatchVerdict::Match), "{checked:?}");
}

#[test]
fn a_damaged_file_costs_what_stands_behind_the_damage() {
    let folder = tempfile::tempdir().unwrap();
    let store = shipped(folder.path());
    let all = embedded(folder.path(), &store, "letters", usize::MAX);
    let file = folder.path().join("index.vectors");
    let sound = std::fs::read(&file).unwrap();
    let mut in_the_midst = sound.clone();
    let middle = sound.len() / 2;
    in_the_midst[middle] ^= 1;
    let cut = sound[..sound.len() - 1].to_vec();
    let cases = [
        (cut, 1..all / 2),
        (in_the_midst, all / 4..all),
        (b"something else".to_vec(), all..all + 1),
        (Vec::new(), all..all + 1),
    ];
    for (bytes, made) in cases {
        std::fs::write(&file, bytes).unwrap();
        let again = embedded(folder.path(), &store, "letters", usize::MAX);
        assert!(made.contains(&again), "{again} of {all}, not in {made:?}");
        assert_eq!(std::fs::read(&file).unwrap().len(), sound.len(), "the file is whole again");
    }
}

#[test]
fn vectors_of_another_model_are_not_compared() {
    let folder = tempfile::tempdir().unwrap();
    let store = shipped(folder.path());
    let all = embedded(folder.path(), &store, "letters", usize::MAX);
    assert_eq!(embedded(folder.path(), &store, "other letters", usize::MAX), all);
    assert_eq!(embedded(folder.path(), &store, "other letters", usize::MAX), 0);
}

#[test]
fn a_file_that_can_not_be_written_is_done_without() {
    let folder = tempfile::tempdir().unwrap();
    let store = shipped(folder.path());
    std::fs::create_dir(folder.path().join("index.vectors")).unwrap();
    let search = Search::open(&folder.path().join("index"), &store).unwrap();
    search.use_model(Letters::named("letters"), &store).unwrap();
    search.follow_meaning(&store, &mut |_| ControlFlow::Continue(())).unwrap();
    let standing = search.snapshot().meaning().unwrap();
    assert!(standing.wordings > 300 && !standing.kept, "{standing:?}");
}
