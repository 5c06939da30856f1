//! The model's forward pass: BERT's, from tokens to the mean of the last layer over them, as a vector of length one.
//!
//! Products of weights are made in eight bits, all else in numbers with a point. One text is worked out on one thread.

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::SimdOp;
use rten_tensor::NdTensorView;
use rten_vecmath::{Normalize, NormalizeOptions, Softmax, Sum, SumSquareSub};

use super::{
    bytes::ModelBytes,
    curves::Bend,
    model_file::{BLOCK, BLOCK_BYTES, ModelFile, Shape, cut_short, damaged},
    weights::{Linear, Multiplier, Numbers, unpack},
};
use crate::meaning::{ModelFault, embed::unit};

/// A model that is ready to be asked.
pub(super) struct Encoder {
    stored: ModelBytes,
    shape: Shape,
    /// Where the table of tokens begins in the file. It is three quarters of it, and a text needs a few rows.
    table: u64,
    /// What is added for each place in a text.
    positions: Vec<f32>,
    first_norm: Norm,
    layers: Vec<Layer>,
}

#[derive(Debug)]
struct Layer {
    /// Queries, keys and values, one after another.
    attended: Linear,
    attention: Linear,
    attention_norm: Norm,
    inner: Linear,
    outer: Linear,
    norm: Norm,
}

#[derive(Debug)]
struct Norm {
    scale: Vec<f32>,
    bias: Vec<f32>,
}

/// What a forward pass works with, kept from layer to layer.
struct Work {
    multiplier: Multiplier,
    floats: GemmExecutor<f32>,
    numbers: Numbers,
    products: Vec<i32>,
    scores: Vec<f32>,
    head: Vec<f32>,
    seen: Vec<f32>,
    out: Vec<f32>,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Encoder").field("shape", &self.shape).finish_non_exhaustive()
    }
}

impl Encoder {
    /// # Errors
    /// When the file lacks a tensor, has one of another size, or can't be read.
    pub(super) fn read(file: ModelFile) -> Result<Self, ModelFault> {
        let shape = file.shape;
        let Shape { hidden, inner, .. } = shape;
        let multiplier = Multiplier::new();
        let norm = |name: &str| {
            let part = |part: &str| file.floats(&format!("{name}.{part}"), hidden);
            Ok::<_, ModelFault>(Norm { scale: part("w")?, bias: part("b")? })
        };
        let linear = |names: &[String], inputs, outputs| Linear::read(&file, &multiplier, names, inputs, outputs);
        let mut positions = file.floats("emb.pos", shape.positions * hidden)?;
        // All of a text is of the first type.
        let types = file.floats("emb.type", shape.types * hidden)?;
        for row in positions.chunks_exact_mut(hidden) {
            add(row, &types[..hidden]);
        }
        let mut layers = Vec::with_capacity(shape.layers);
        for layer in 0..shape.layers {
            let name = |part: &str| format!("l{layer}.{part}");
            layers.push(Layer {
                attended: linear(&[name("q"), name("k"), name("v")], hidden, hidden)?,
                attention: linear(&[name("ao")], hidden, hidden)?,
                attention_norm: norm(&name("aln"))?,
                inner: linear(&[name("fi")], hidden, inner)?,
                outer: linear(&[name("fo")], inner, hidden)?,
                norm: norm(&name("oln"))?,
            });
        }
        let (table, first_norm) = (file.blocks_at("emb.word", shape.rows * hidden)?, norm("emb.ln")?);
        Ok(Self { table, positions, first_norm, layers, shape, stored: file.stored })
    }

    /// How many numbers a vector has.
    pub(super) const fn dimensions(&self) -> usize {
        self.shape.hidden
    }

    /// How many tokens it takes at once.
    pub(super) const fn most_tokens(&self) -> usize {
        self.shape.positions
    }

    /// The vector of a text of these tokens, at least one and at most as many as it takes.
    ///
    /// # Errors
    /// When its file can't be read any more, or what comes out is no direction.
    pub(super) fn vector(&self, tokens: &[u32]) -> Result<Vec<f32>, ModelFault> {
        let hidden = self.shape.hidden;
        let mut rows = self.looked_up(tokens)?;
        self.first_norm.apply(&mut rows, self.shape.epsilon);
        let mut work = Work::new();
        for layer in &self.layers {
            self.pass(layer, &mut rows, &mut work)?;
        }
        let mut vector = vec![0.0; hidden];
        for row in rows.chunks_exact(hidden) {
            add(&mut vector, row);
        }
        unit(vector).ok_or_else(|| damaged("its numbers lead nowhere"))
    }

    /// What the first layer gets: the tokens' rows, and what their places add.
    fn looked_up(&self, tokens: &[u32]) -> Result<Vec<f32>, ModelFault> {
        let hidden = self.shape.hidden;
        let mut rows = vec![0.0; tokens.len() * hidden];
        let mut blocks = vec![0; hidden / BLOCK * BLOCK_BYTES];
        let places = self.positions.chunks_exact(hidden);
        for ((&token, row), place) in tokens.iter().zip(rows.chunks_exact_mut(hidden)).zip(places) {
            let offset = self.table + u64::from(token) * blocks.len() as u64;
            self.stored.read_at(offset, &mut blocks).map_err(cut_short)?;
            unpack(&blocks, row);
            add(row, place);
        }
        Ok(rows)
    }

    fn pass(&self, layer: &Layer, rows: &mut [f32], work: &mut Work) -> Result<(), ModelFault> {
        let Shape { hidden, inner, epsilon, .. } = self.shape;
        work.numbers.take(rows, hidden);
        work.multiply(&layer.attended)?;
        self.attend(work)?;
        work.numbers.take(&work.seen, hidden);
        work.multiply(&layer.attention)?;
        add(rows, &work.out);
        layer.attention_norm.apply(rows, epsilon);
        work.numbers.take(rows, hidden);
        work.multiply(&layer.inner)?;
        Bend(&mut work.out).dispatch();
        work.numbers.take(&work.out, inner);
        work.multiply(&layer.outer)?;
        add(rows, &work.out);
        layer.norm.apply(rows, epsilon);
        Ok(())
    }

    /// What each token takes of the others, head by head.
    fn attend(&self, work: &mut Work) -> Result<(), ModelFault> {
        let Shape { hidden, heads, .. } = self.shape;
        let Work { floats, out: attended, scores, head, seen, .. } = work;
        let tokens = attended.len() / (3 * hidden);
        let width = hidden / heads;
        scores.resize(tokens * tokens, 0.0);
        head.resize(tokens * width, 0.0);
        seen.resize(tokens * hidden, 0.0);
        let part = |from: usize| {
            NdTensorView::from_slice_with_strides([tokens, width], &attended[from..], [3 * hidden, 1])
                .map_err(|_| damaged("its numbers lead nowhere"))
        };
        for from in (0..hidden).step_by(width) {
            let (queries, keys, values) = (part(from)?, part(hidden + from)?, part(2 * hidden + from)?);
            let scaled = GemmOptions { alpha: 1.0 / (width as f32).sqrt(), ..GemmOptions::default() };
            let (left, right) = (GemmInputA::Unpacked(queries), GemmInputB::Unpacked(keys.transposed()));
            floats.gemm(scores, left, right, scaled)?;
            for row in scores.chunks_exact_mut(tokens) {
                Softmax::new_mut(row).dispatch();
            }
            let shares = NdTensorView::from_data([tokens, tokens], scores.as_slice());
            let (left, right) = (GemmInputA::Unpacked(shares), GemmInputB::Unpacked(values));
            floats.gemm(head, left, right, GemmOptions::default())?;
            for (seen, head) in seen.chunks_exact_mut(hidden).zip(head.chunks_exact(width)) {
                seen[from..from + width].copy_from_slice(head);
            }
        }
        Ok(())
    }
}

impl Work {
    fn new() -> Self {
        Self {
            multiplier: Multiplier::new(),
            floats: GemmExecutor::new(),
            numbers: Numbers::default(),
            products: Vec::new(),
            scores: Vec::new(),
            head: Vec::new(),
            seen: Vec::new(),
            out: Vec::new(),
        }
    }

    fn multiply(&mut self, by: &Linear) -> Result<(), ModelFault> {
        by.apply(&self.multiplier, &self.numbers, &mut self.products, &mut self.out)
    }
}

impl Norm {
    fn apply(&self, rows: &mut [f32], epsilon: f32) {
        let width = self.scale.len();
        for row in rows.chunks_exact_mut(width) {
            let mean = Sum::new(row).dispatch() / width as f32;
            let variance = SumSquareSub::new(row, mean).dispatch() / width as f32;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + epsilon).sqrt(),
                element_scale: Some(&self.scale),
                element_bias: Some(&self.bias),
                ..NormalizeOptions::default()
            };
            Normalize::new_mut(row, options).dispatch();
        }
    }
}

fn add(to: &mut [f32], what: &[f32]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += what;
    }
}
