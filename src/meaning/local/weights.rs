//! The model's weights: as the file has them, in four bits with a scale for each 32, and as they are multiplied, in eight
//! bits with a scale for each output.

use rten_gemm::{GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::{
    Isa, SimdOp,
    ops::{BitOps, FloatOps, NarrowSaturate, NumOps, ToFloat},
};
use rten_tensor::NdTensorView;
use rten_vecmath::MinMax;

use super::model_file::{BLOCK, BLOCK_BYTES, ModelFile};
use crate::meaning::ModelFault;

/// Multiplies eight bits.
pub(super) type Multiplier = GemmExecutor<u8, i8, i32>;

impl From<GemmError> for ModelFault {
    fn from(error: GemmError) -> Self {
        Self::Work(error.to_string())
    }
}

/// The largest weight where sums of two products have to fit in sixteen bits (AVX2 without VNNI): 2 × 255 × 63 is less
/// than 2^15.
const LARGEST_WHERE_SUMS_SATURATE: f32 = 63.0;
const LARGEST: f32 = 127.0;

/// The largest token's number in eight bits.
const LARGEST_NUMBER: f32 = 255.0;

/// Reads weights of a row as the file has them.
pub(super) fn unpack(blocks: &[u8], into: &mut [f32]) {
    for (block, into) in blocks.as_chunks::<BLOCK_BYTES>().0.iter().zip(into.as_chunks_mut::<BLOCK>().0) {
        let scale = half(u16::from_le_bytes([block[0], block[1]]));
        let (first, second) = into.split_at_mut(BLOCK / 2);
        for ((&both, first), second) in block[2..].iter().zip(first).zip(second) {
            *first = (f32::from(both & 15) - 8.0) * scale;
            *second = (f32::from(both >> 4) - 8.0) * scale;
        }
    }
}

/// A number of sixteen bits (IEEE 754, binary16).
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (u32::from(bits >> 15) << 31, u32::from(bits >> 10 & 31), u32::from(bits & 1023));
    match exponent {
        // Too small for an exponent: so many times 2^-24.
        0 => f32::from_bits(sign | (fraction as f32 * f32::from_bits(103 << 23)).to_bits()),
        31 => f32::from_bits(sign | 0x7f80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

/// Numbers of several tokens in eight bits, from each token's least to its largest: a few are so far from the others that
/// one scale for all would leave nothing of these.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    bytes: Vec<u8>,
    steps: Vec<Steps>,
}

/// What the bytes of a token's numbers stand for.
#[derive(Debug, Clone, Copy)]
struct Steps {
    /// How far one is from the next.
    scale: f32,
    /// Which of them is 0.
    zero: i32,
}

impl Numbers {
    /// Takes these, so many to a token.
    pub(super) fn take(&mut self, numbers: &[f32], to_a_token: usize) {
        self.steps.clear();
        self.bytes.resize(numbers.len(), 0);
        for (row, bytes) in numbers.chunks_exact(to_a_token).zip(self.bytes.chunks_exact_mut(to_a_token)) {
            self.steps.push(TakeRow { row, bytes }.dispatch());
        }
    }
}

/// Takes the numbers of one token.
struct TakeRow<'a> {
    row: &'a [f32],
    bytes: &'a mut [u8],
}

impl SimdOp for TakeRow<'_> {
    type Output = Steps;

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> Steps {
        let (floats, words) = (isa.f32(), isa.i32());
        let (least, largest) = MinMax::new(self.row).eval(isa);
        let (least, largest) = (least.min(0.0), largest.max(0.0));
        let scale = (largest - least) / LARGEST_NUMBER;
        let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
        let zero = (-least * inverse).round().clamp(0.0, LARGEST_NUMBER);
        let (by, from) = (floats.splat(inverse), floats.splat(zero));
        let width = floats.len() * 4;
        let mut bytes = self.bytes.chunks_exact_mut(width);
        let mut row = self.row.chunks_exact(width);
        for (row, bytes) in row.by_ref().zip(bytes.by_ref()) {
            let [first, second, third, fourth] = floats.load_many::<4>(row).map(
                #[inline(always)]
                |number| floats.to_int_round(floats.mul_add(number, by, from)),
            );
            let (low, high) = (words.narrow_saturate(first, second), words.narrow_saturate(third, fourth));
            isa.u8().store(isa.i16().narrow_saturate(low, high), bytes);
        }
        for (&number, byte) in row.remainder().iter().zip(bytes.into_remainder()) {
            *byte = number.mul_add(inverse, zero).round_ties_even() as u8;
        }
        Steps { scale, zero: zero as i32 }
    }
}

/// A layer's weights and biases: numbers of a token in, others out.
pub(super) struct Linear {
    weights: PackedBMatrix<i8>,
    inputs: usize,
    outputs: Outputs,
}

/// What becomes of each output.
#[derive(Default)]
struct Outputs {
    scales: Vec<f32>,
    biases: Vec<f32>,
    /// The sum of its weights: what each step between 0 and the least number has added.
    sums: Vec<i32>,
}

impl std::fmt::Debug for Linear {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Linear").field("inputs", &self.inputs).field("outputs", &self.outputs.sums.len()).finish()
    }
}

impl Linear {
    /// Reads the tensors with these names, one after another, as one: `outputs` each.
    pub(super) fn read(
        file: &ModelFile,
        multiplier: &Multiplier,
        names: &[String],
        inputs: usize,
        outputs: usize,
    ) -> Result<Self, ModelFault> {
        let most = if multiplier.may_saturate() { LARGEST_WHERE_SUMS_SATURATE } else { LARGEST };
        let mut weights = vec![0; inputs * outputs * names.len()];
        let mut rows = weights.chunks_exact_mut(inputs);
        let mut each = Outputs::default();
        let mut row = vec![0.0; inputs];
        for name in names {
            let blocks = file.blocks(&format!("{name}.w"), inputs * outputs)?;
            each.biases.extend(file.floats(&format!("{name}.b"), outputs)?);
            for (blocks, weights) in blocks.chunks_exact(inputs / BLOCK * BLOCK_BYTES).zip(rows.by_ref()) {
                unpack(blocks, &mut row);
                let (least, largest) = MinMax::new(&row).dispatch();
                let largest = largest.max(-least);
                let steps = if largest > 0.0 { most / largest } else { 0.0 };
                let mut sum = 0;
                for (weight, &number) in weights.iter_mut().zip(&row) {
                    *weight = (number * steps).round_ties_even() as i8;
                    sum += i32::from(*weight);
                }
                each.scales.push(largest / most);
                each.sums.push(sum);
            }
        }
        let weights = NdTensorView::from_data([outputs * names.len(), inputs], weights.as_slice());
        Ok(Self { weights: multiplier.prepack_b(weights.transposed()), outputs: each, inputs })
    }

    /// What comes out for each token.
    pub(super) fn apply(
        &self,
        multiplier: &Multiplier,
        numbers: &Numbers,
        products: &mut Vec<i32>,
        into: &mut Vec<f32>,
    ) -> Result<(), ModelFault> {
        let (tokens, outputs) = (numbers.steps.len(), self.outputs.sums.len());
        products.resize(tokens * outputs, 0);
        into.resize(tokens * outputs, 0.0);
        let view = NdTensorView::from_data([tokens, self.inputs], numbers.bytes.as_slice());
        let (left, right) = (GemmInputA::Unpacked(view), GemmInputB::Packed(&self.weights));
        multiplier.gemm(products, left, right, GemmOptions::default())?;
        let rows = products.chunks_exact(outputs).zip(into.chunks_exact_mut(outputs));
        for ((products, into), &steps) in rows.zip(&numbers.steps) {
            GiveRow { products, into, steps, outputs: &self.outputs }.dispatch();
        }
        Ok(())
    }
}

/// Gives what comes out for one token as numbers.
struct GiveRow<'a> {
    products: &'a [i32],
    into: &'a mut [f32],
    steps: Steps,
    outputs: &'a Outputs,
}

impl SimdOp for GiveRow<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Self { products, into, steps: Steps { scale, zero }, outputs: Outputs { scales, biases, sums } } = self;
        let (floats, words) = (isa.f32(), isa.i32());
        let (all, none) = (floats.splat(scale), words.splat(zero));
        let (width, whole) = (floats.len(), products.len() / floats.len() * floats.len());
        for at in (0..whole).step_by(width) {
            let end = at + width;
            let product = words.sub(words.load(&products[at..end]), words.mul(words.load(&sums[at..end]), none));
            let scale = floats.mul(floats.load(&scales[at..end]), all);
            let number = floats.mul_add(words.to_float(product), scale, floats.load(&biases[at..end]));
            floats.store(number, &mut into[at..end]);
        }
        for at in whole..products.len() {
            into[at] = (products[at] - sums[at] * zero) as f32 * (scales[at] * scale) + biases[at];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{bytes::ModelBytes, model_file, tiny},
        *,
    };

    #[test]
    fn halves_are_read_as_they_are_defined() {
        for (bits, number) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x0001, 2_f32.powi(-24)),
            (0x8000, 0.0),
            (0x7bff, 65504.0),
            (0x0400, 2_f32.powi(-14)),
        ] {
            assert_eq!(half(bits), number, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan() && half(0xfc00).is_infinite());
    }

    /// The multiplications of several rows at once go by other ways than those of one.
    #[test]
    fn forty_tokens_give_what_is_worked_out_one_number_at_a_time() {
        let (_, file) = model_file::read(ModelBytes::Memory(tiny::file())).unwrap();
        let multiplier = Multiplier::new();
        let (inputs, outputs, tokens) = (tiny::HIDDEN, 2 * tiny::HIDDEN, 40);
        let linear = Linear::read(&file, &multiplier, &["l1.fi".to_owned()], inputs, outputs).unwrap();
        let mut weights = vec![0.0; inputs * outputs];
        unpack(&file.blocks("l1.fi.w", inputs * outputs).unwrap(), &mut weights);
        let biases = file.floats("l1.fi.b", outputs).unwrap();
        // Each token's numbers are of another size, and lie to another side of 0.
        let number = |token: usize, at: usize| {
            (((token * 31 + at * 17) % 29) as f32 - token as f32 / 2.0) * 1.3_f32.powi(token as i32 % 9)
        };
        let rows: Vec<f32> = (0..tokens * inputs).map(|at| number(at / inputs, at % inputs)).collect();
        let (mut numbers, mut products, mut found) = (Numbers::default(), Vec::new(), Vec::new());
        numbers.take(&rows, inputs);
        linear.apply(&multiplier, &numbers, &mut products, &mut found).unwrap();
        for (token, row) in rows.chunks_exact(inputs).enumerate() {
            let size = row.iter().map(|number| number * number).sum::<f32>().sqrt();
            for (output, weights) in weights.chunks_exact(inputs).enumerate() {
                let expected: f32 =
                    row.iter().zip(weights).map(|(number, weight)| number * weight).sum::<f32>() + biases[output];
                let length = weights.iter().map(|weight| weight * weight).sum::<f32>().sqrt();
                let error = (found[token * outputs + output] - expected).abs();
                assert!(error <= 0.02 * size * length, "{token} {output}: {error}");
            }
        }
    }
}
