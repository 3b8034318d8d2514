// Kernels that TensorFlow lacks, each of them one pass over memory where composed ops make many: one step of Adam and Nadam, the same with a
// sparse gradient that is added up on the way, the focal loss with its gradient, swish followed by LayerNorm, and (top-unseen.h) the best items
// of each row. Registered through TensorFlow's C API, which does not change between versions; loaded
// as a Node-API module, whose only export is the list of the ops.
//
// Every sum is taken in an order that does not depend on the number of threads, so that seeded runs repeat.
#include <node_api.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

// Of tensorflow/c/kernels.h, which cannot be included without a good part of TensorFlow's C++ headers.
extern "C" {
typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_OpKernelConstruction TF_OpKernelConstruction;
typedef struct TF_OpKernelContext TF_OpKernelContext;
TF_KernelBuilder* TF_NewKernelBuilder(const char* op, const char* device, void* (*create)(TF_OpKernelConstruction*),
                                      void (*compute)(void*, TF_OpKernelContext*), void (*remove)(void*));
void TF_RegisterKernelBuilder(const char* name, TF_KernelBuilder* builder, TF_Status* status);
int TF_NumInputs(TF_OpKernelContext* context);
void TF_GetInput(TF_OpKernelContext* context, int i, TF_Tensor** tensor, TF_Status* status);
TF_Tensor* TF_AllocateOutput(TF_OpKernelContext* context, int index, TF_DataType type, const int64_t* dims, int rank, size_t bytes,
                             TF_Status* status);
void TF_OpKernelContext_Failure(TF_OpKernelContext* context, TF_Status* status);
}

namespace {

// ---- threads -----------------------------------------------------------------------------------------------------------------------------

/** Runs tasks 0 … count − 1 on all threads; which thread runs which is open, so a task's result must not depend on it. */
class Pool {
 public:
  Pool() {
    const char* asked = std::getenv("TF_NUM_INTRAOP_THREADS");
    int threads = asked ? std::atoi(asked) : 0;
    if (threads <= 0) threads = static_cast<int>(std::thread::hardware_concurrency());
    for (int t = 1; t < threads; t++) std::thread([this] { Work(); }).detach();
    helpers_ = std::max(0, threads - 1);
  }

  void Run(int64_t count, const std::function<void(int64_t)>& task) {
    if (helpers_ == 0 || count <= 1) {
      for (int64_t i = 0; i < count; i++) task(i);
      return;
    }
    std::lock_guard<std::mutex> one(running_);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      task_ = &task;
      count_ = count;
      next_ = 0;
      busy_ = helpers_;
      round_++;
    }
    start_.notify_all();
    Take(task, count);
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  void Take(const std::function<void(int64_t)>& task, int64_t count) {
    for (int64_t i = next_++; i < count; i = next_++) task(i);
  }

  void Work() {
    uint64_t seen = 0;
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      start_.wait(lock, [&] { return round_ != seen; });
      seen = round_;
      const auto* task = task_;
      const int64_t count = count_;
      lock.unlock();
      Take(*task, count);
      lock.lock();
      if (--busy_ == 0) done_.notify_one();
    }
  }

  int helpers_ = 0;
  std::mutex running_, mutex_;
  std::condition_variable start_, done_;
  const std::function<void(int64_t)>* task_ = nullptr;
  int64_t count_ = 0;
  std::atomic<int64_t> next_{0};
  int busy_ = 0;
  uint64_t round_ = 0;
};

/** Never destroyed: its threads outlive the statics of this library. */
Pool& pool() {
  static Pool* one = new Pool;
  return *one;
}

// ---- sixteen floats at once ---------------------------------------------------------------------------------------------------------------

constexpr int kLanes = 16;
typedef float V __attribute__((vector_size(64)));
typedef int32_t I __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline))

INLINE V Load(const float* from) {
  V v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
INLINE void Store(float* to, V v) { std::memcpy(to, &v, sizeof v); }
INLINE V LoadSome(const float* from, int64_t n) {
  V v = {};
  std::memcpy(&v, from, n * sizeof(float));
  return v;
}
INLINE void StoreSome(float* to, V v, int64_t n) { std::memcpy(to, &v, n * sizeof(float)); }
INLINE V All(float x) { return x - V{}; }
INLINE V Abs(V x) { return (V)((I)x & 0x7fffffff); }
INLINE V Max(V a, V b) { return a > b ? a : b; }
INLINE V Min(V a, V b) { return a < b ? a : b; }
INLINE double Sum(V v) {
  double sum = 0;
  for (int i = 0; i < kLanes; i++) sum += v[i];
  return sum;
}

/** e^x for x ≤ 0, relative error about 1e-7, down to the smallest denormal numbers. */
INLINE V ExpOfNegative(V x) {
  x = x < -104.0f ? All(-104.0f) : x;
  const V shifted = x * 1.44269504088896341f + 12582912.0f;  // 1.5 · 2²³: its last bits are the nearest integer
  const V n = shifted - 12582912.0f;
  const V r = x - n * 0.693359375f + n * 2.12194440e-4f;
  V p = 1.9875691500e-4f * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const I power = (I)shifted - 0x4b400000;
  const I half = power >> 1;
  return p * (V)((half + 127) << 23) * (V)((power - half + 127) << 23);
}

/** ln x of normal positive x, relative error about 1e-7, also near 1. */
INLINE V Log(V x) {
  const I bits = (I)x;
  const I exponent = (bits - 0x3f3504f3) >> 23;  // so that the rest lies in √½ … √2
  const V f = (V)(bits - (exponent << 23)) - 1.0f;
  const V e = __builtin_convertvector(exponent, V);
  V p = 7.0376836292e-2f * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  const V square = f * f;
  V y = f * square * p;
  y = y - e * 2.12194440e-4f;
  y = y - 0.5f * square;
  return f + y + e * 0.693359375f;
}

/** ln(1 + x) for x > −1; what 1 + x loses is added again. */
INLINE V Log1p(V x) {
  const V u = 1.0f + x;
  return Log(u) + (x - (u - 1.0f)) / u;
}

// ---- TensorFlow's C API -------------------------------------------------------------------------------------------------------------------

class Status {
 public:
  Status() : status_(TF_NewStatus()) {}
  ~Status() { TF_DeleteStatus(status_); }
  TF_Status* get() { return status_; }
  bool ok() const { return TF_GetCode(status_) == TF_OK; }

 private:
  TF_Status* status_;
};

class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor = nullptr) : tensor_(tensor) {}
  Tensor(Tensor&& other) noexcept : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  Tensor(const Tensor&) = delete;
  ~Tensor() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }
  float* floats() const { return static_cast<float*>(TF_TensorData(tensor_)); }
  int32_t* ints() const { return static_cast<int32_t*>(TF_TensorData(tensor_)); }
  int64_t size() const { return TF_TensorElementCount(tensor_); }
  int64_t dim(int d) const { return TF_Dim(tensor_, d); }
  int rank() const { return TF_NumDims(tensor_); }

 private:
  TF_Tensor* tensor_;
};

struct Failure {
  const char* message;
};

Tensor Input(TF_OpKernelContext* context, int i) {
  Status status;
  TF_Tensor* tensor = nullptr;
  TF_GetInput(context, i, &tensor, status.get());
  if (!status.ok()) throw Failure{"an input is missing"};
  return Tensor(tensor);
}

/** @param type of four bytes */
Tensor Output(TF_OpKernelContext* context, int i, std::vector<int64_t> dims, TF_DataType type = TF_FLOAT) {
  int64_t size = 1;
  for (int64_t d : dims) size *= d;
  Status status;
  TF_Tensor* tensor = TF_AllocateOutput(context, i, type, dims.data(), static_cast<int>(dims.size()), size * sizeof(float), status.get());
  if (!status.ok()) throw Failure{"out of memory"};
  return Tensor(tensor);
}

void Require(bool holds, const char* message) {
  if (!holds) throw Failure{message};
}

template <void (*Kernel)(TF_OpKernelContext*)>
void Compute(void*, TF_OpKernelContext* context) {
  try {
    Kernel(context);
  } catch (const Failure& failure) {
    Status status;
    TF_SetStatus(status.get(), TF_INVALID_ARGUMENT, failure.message);
    TF_OpKernelContext_Failure(context, status.get());
  } catch (const std::bad_alloc&) {
    Status status;
    TF_SetStatus(status.get(), TF_RESOURCE_EXHAUSTED, "out of memory");
    TF_OpKernelContext_Failure(context, status.get());
  }
}

// ---- Adam and Nadam -----------------------------------------------------------------------------------------------------------------------

constexpr int64_t kAtOnce = 1 << 16;

struct Rule {
  float momentum, gradient, correction, epsilon, keep1, keep2;
};

/** Everything by value, so that the compiler knows that storing a weight changes nothing it needs again. Without g the gradient is 0. */
template <bool kSloped>
void StepBlock(float* __restrict w, float* __restrict m, float* __restrict v, const float* __restrict g, int64_t count, const Rule rule) {
  const float take1 = 1 - rule.keep1, take2 = 1 - rule.keep2;
  for (int64_t i = 0; i < count; i++) {
    const float slope = kSloped ? g[i] : 0;
    const float first = rule.keep1 * m[i] + take1 * slope;
    const float second = rule.keep2 * v[i] + take2 * slope * slope;
    m[i] = first;
    v[i] = second;
    w[i] -= (rule.momentum * first + rule.gradient * slope) / (std::sqrt(second * rule.correction) + rule.epsilon);
  }
}

Rule RuleOf(const Tensor& given) {
  Require(given.size() == 6, "a step's rule has six numbers");
  const float* r = given.floats();
  return {r[0], r[1], 1 / r[2], r[3], r[4], r[5]};
}

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − (momentum · m + gradient · g)/(√(v/secondMoment) + ε) in one pass: 7 times the weight's
 * size read and written. w, m and v are what ReadVariableOp gave, which shares the variables' memory, and are changed there.
 */
void Step(TF_OpKernelContext* context) {
  const Tensor w = Input(context, 0), m = Input(context, 1), v = Input(context, 2), g = Input(context, 3);
  const Rule rule = RuleOf(Input(context, 4));
  const int64_t n = w.size();
  Require(m.size() == n && v.size() == n && g.size() == n, "VaspStep: sizes differ");
  float *wAll = w.floats(), *mAll = m.floats(), *vAll = v.floats();
  const float* gAll = g.floats();
  pool().Run((n + kAtOnce - 1) / kAtOnce, [=](int64_t block) {
    const int64_t from = block * kAtOnce;
    StepBlock<true>(wAll + from, mAll + from, vAll + from, gAll + from, std::min(kAtOnce, n - from), rule);
  });
}

/** Entries of a weight's row that are added up and stepped at once: the sum stays in the first cache, and that part of all of dy in the last. */
constexpr int64_t kTile = 2048;

/**
 * The same step of w [items, width] where the gradient is xᵀ · dy, for binary sparse x [rows, items] and dy [rows, width]: it is added up a
 * piece at a time and never written, and where an item occurs in no row it is 0 and not read. `rowsOf` holds the rows of each item, item after item,
 * from `offsets`. With `hollow` set, the gradient's diagonal is taken as 0, and a square weight's own stays as it is.
 */
void SparseStep(TF_OpKernelContext* context) {
  const Tensor w = Input(context, 0), m = Input(context, 1), v = Input(context, 2), dy = Input(context, 3), rowsOf = Input(context, 4),
               offsets = Input(context, 5), hollow = Input(context, 7);
  const Rule rule = RuleOf(Input(context, 6));
  Require(w.rank() == 2 && dy.rank() == 2 && dy.dim(1) == w.dim(1), "VaspSparseStep: widths differ");
  const int64_t items = w.dim(0), width = w.dim(1), rows = dy.dim(0), entries = rowsOf.size();
  Require(m.size() == w.size() && v.size() == w.size() && offsets.size() == items + 1 && hollow.size() == 1, "VaspSparseStep: sizes differ");
  const int32_t *row = rowsOf.ints(), *at = offsets.ints();
  Require(at[0] == 0 && at[items] == entries, "VaspSparseStep: offsets do not span the entries");
  for (int64_t i = 0; i < items; i++) Require(at[i] <= at[i + 1], "VaspSparseStep: offsets fall");
  for (int64_t e = 0; e < entries; e++) Require(row[e] >= 0 && row[e] < rows, "VaspSparseStep: no such row");
  const bool withoutDiagonal = hollow.ints()[0] != 0;
  float *wAll = w.floats(), *mAll = m.floats(), *vAll = v.floats();
  const float* dyAll = dy.floats();
  const int64_t together = std::max<int64_t>(1, kAtOnce / std::min(width, kTile)), groups = (items + together - 1) / together;
  const int64_t tiles = (width + kTile - 1) / kTile;
  pool().Run(tiles * groups, [=](int64_t task) {
    const int64_t left = task / groups * kTile, count = std::min(kTile, width - left), first = task % groups * together;
    float sum[kTile];
    for (int64_t i = first; i < std::min(items, first + together); i++) {
      const int64_t from = i * width + left;
      if (at[i] == at[i + 1]) {
        StepBlock<false>(wAll + from, mAll + from, vAll + from, nullptr, count, rule);
        continue;
      }
      std::memcpy(sum, dyAll + row[at[i]] * width + left, count * sizeof(float));
      for (int32_t e = at[i] + 1; e < at[i + 1]; e++) {
        const float* __restrict addend = dyAll + row[e] * width + left;
        for (int64_t c = 0; c < count; c++) sum[c] += addend[c];
      }
      if (withoutDiagonal && i >= left && i < left + count) sum[i - left] = 0;
      StepBlock<true>(wAll + from, mAll + from, vAll + from, sum, count, rule);
    }
  });
}

// ---- focal loss ---------------------------------------------------------------------------------------------------------------------------

struct Focal {
  float alpha, gamma;
};

INLINE V Power(V x, float gamma) {
  if (gamma == 2) return x * x;
  if (gamma == 1) return x;
  if (gamma == 0) return All(1);
  V y;
  for (int i = 0; i < kLanes; i++) y[i] = std::pow(x[i], gamma);
  return y;
}

/**
 * Sixteen entries whose target is 0: loss −(1 − α) p^γ log(1 − p). With c = max(0, min z) taken out, 1 − p = e^(−c) S and
 * S = Σ_k r_k Π_{j<k} σ_j, r_k = (1 − σ_k) e^c: positive terms of ordinary size however large the logits are.
 */
template <int K>
INLINE V Negatives(const V* z, V* slopes, Focal focal) {
  V least = z[0];
  for (int k = 1; k < K; k++) least = Min(least, z[k]);
  const V c = Max(least, V{});
  V p = All(1), scaled = {}, rest[K], scaledRest[K];
  for (int k = 0; k < K; k++) {
    const V e = ExpOfNegative(-Abs(z[k]));
    const V one = 1.0f / (1.0f + e);
    const auto positive = z[k] >= 0.0f;
    rest[k] = positive ? e * one : one;
    scaledRest[k] = positive ? ExpOfNegative(c - Max(z[k], c)) * one : one;
    scaled += scaledRest[k] * p;
    p *= positive ? one : e * one;
  }
  const V logRest = p < 0.5f ? Log1p(Min(-p, V{})) : Log(scaled) - c;
  const V weight = Power(p, focal.gamma) * (1 - focal.alpha);
  const V ratio = p / scaled, logTerm = logRest * -focal.gamma;
  for (int k = 0; k < K; k++) slopes[k] = weight * (ratio * scaledRest[k] + logTerm * rest[k]);
  return -(weight * logRest);
}

/** One entry whose target is 1: loss −α (1 − p)^γ log p. There are few of them, so double precision costs nothing. */
template <int K>
double Positive(const float* const* z, int64_t at, float* const* slopes, float scale, Focal focal) {
  double logP = 0;
  for (int k = 0; k < K; k++) {
    const double x = z[k][at];
    logP += std::min(x, 0.0) - std::log1p(std::exp(-std::abs(x)));
  }
  const double gamma = focal.gamma, rest = -std::expm1(logP), factor = std::pow(rest, gamma);
  const double pull = gamma == 0 ? factor : factor - gamma * std::pow(rest, gamma - 1) * std::exp(logP) * logP;
  for (int k = 0; k < K; k++) slopes[k][at] = static_cast<float>(-focal.alpha * pull / (1 + std::exp(double(z[k][at]))) * scale);
  return -focal.alpha * factor * logP;
}

template <int K>
void FocalOf(TF_OpKernelContext* context) {
  std::vector<Tensor> logits;
  for (int k = 0; k < K; k++) logits.push_back(Input(context, k));
  const Tensor columns = Input(context, K), offsets = Input(context, K + 1), settings = Input(context, K + 2);
  Require(logits[0].rank() == 2, "VaspFocal: logits are matrices");
  const int64_t rows = logits[0].dim(0), items = logits[0].dim(1);
  for (const Tensor& z : logits) Require(z.size() == rows * items, "VaspFocal: lists of different shapes");
  Require(offsets.size() == rows + 1 && settings.size() == 2, "VaspFocal: sizes differ");
  for (int64_t e = 0; e < columns.size(); e++) Require(columns.ints()[e] >= 0 && columns.ints()[e] < items, "VaspFocal: no such item");
  const Focal focal{settings.floats()[0], settings.floats()[1]};
  const Tensor total = Output(context, 0, {});
  std::vector<Tensor> slopes;
  for (int k = 0; k < K; k++) slopes.push_back(Output(context, k + 1, {rows, items}));
  std::vector<double> losses(rows);
  const float scale = 1.0f / static_cast<float>(rows);

  pool().Run(rows, [&](int64_t r) {
    thread_local std::vector<float> mask;
    if (static_cast<int64_t>(mask.size()) < items + kLanes) mask.assign(items + kLanes, 1.0f);
    const int32_t *from = columns.ints() + offsets.ints()[r], *to = columns.ints() + offsets.ints()[r + 1];
    for (const int32_t* e = from; e < to; e++) mask[*e] = 0;
    const float* z[K];
    float* dz[K];
    for (int k = 0; k < K; k++) {
      z[k] = logits[k].floats() + r * items;
      dz[k] = slopes[k].floats() + r * items;
    }
    V sum = {}, in[K], out[K];
    int64_t i = 0;
    for (; i + kLanes <= items; i += kLanes) {
      for (int k = 0; k < K; k++) in[k] = Load(z[k] + i);
      const V loss = Negatives<K>(in, out, focal);
      sum += Load(&mask[i]) > 0.0f ? loss : V{};
      for (int k = 0; k < K; k++) Store(dz[k] + i, out[k] * scale);
    }
    if (const int64_t left = items - i) {
      for (int k = 0; k < K; k++) in[k] = LoadSome(z[k] + i, left);
      const V loss = Negatives<K>(in, out, focal);
      sum += LoadSome(&mask[i], left) > 0.0f ? loss : V{};
      for (int k = 0; k < K; k++) StoreSome(dz[k] + i, out[k] * scale, left);
    }
    double row = Sum(sum);
    for (const int32_t* e = from; e < to; e++) {
      mask[*e] = 1;
      row += Positive<K>(z, *e, dz, scale, focal);
    }
    losses[r] = row;
  });
  double sum = 0;
  for (double row : losses) sum += row;
  *total.floats() = static_cast<float>(sum / static_cast<double>(rows));
}

void FocalLoss(TF_OpKernelContext* context) {
  switch (TF_NumInputs(context) - 3) {
    case 1: return FocalOf<1>(context);
    case 2: return FocalOf<2>(context);
    case 3: return FocalOf<3>(context);
    case 4: return FocalOf<4>(context);
    default: throw Failure{"VaspFocal takes 1 to 4 lists"};
  }
}

// ---- LayerNorm of swish -------------------------------------------------------------------------------------------------------------------

struct Moments {
  float mean, scale;
};

/** swish(a) of one row into `swish`, with its mean and 1/√(variance + ε). */
Moments SwishRow(const float* a, float* swish, int64_t width, float epsilon) {
  V sums = {};
  int64_t i = 0;
  const auto at = [&](V x) {
    const V e = ExpOfNegative(-Abs(x)), one = 1.0f / (1.0f + e);
    return x * (x >= 0.0f ? one : e * one);
  };
  for (; i + kLanes <= width; i += kLanes) {
    const V s = at(Load(a + i));
    Store(swish + i, s);
    sums += s;
  }
  if (const int64_t left = width - i) {
    const V s = at(LoadSome(a + i, left));
    StoreSome(swish + i, s, left);
    sums += s;
  }
  const float mean = static_cast<float>(Sum(sums) / width);
  V squares = {};
  for (i = 0; i + kLanes <= width; i += kLanes) {
    const V d = Load(swish + i) - mean;
    squares += d * d;
  }
  double rest = 0;
  for (; i < width; i++) rest += (swish[i] - mean) * (swish[i] - mean);
  return {mean, static_cast<float>(1 / std::sqrt((Sum(squares) + rest) / width + epsilon))};
}

void SwishNorm(TF_OpKernelContext* context) {
  const Tensor a = Input(context, 0), gamma = Input(context, 1), beta = Input(context, 2), epsilon = Input(context, 3);
  Require(a.rank() == 2 && gamma.size() == a.dim(1) && beta.size() == a.dim(1), "VaspSwishNorm: shapes differ");
  const int64_t rows = a.dim(0), width = a.dim(1);
  const Tensor out = Output(context, 0, {rows, width});
  const float *g = gamma.floats(), *b = beta.floats(), eps = *epsilon.floats();
  pool().Run(rows, [&](int64_t r) {
    float* __restrict y = out.floats() + r * width;
    const Moments moments = SwishRow(a.floats() + r * width, y, width, eps);
    for (int64_t i = 0; i < width; i++) y[i] = (y[i] - moments.mean) * moments.scale * g[i] + b[i];
  });
}

/** Rows whose addends to the gradients of γ and β are summed by one task: a number that does not depend on the threads. */
constexpr int64_t kRowsTogether = 32;

void SwishNormGradient(TF_OpKernelContext* context) {
  const Tensor a = Input(context, 0), gamma = Input(context, 1), dy = Input(context, 2), epsilon = Input(context, 3);
  Require(a.rank() == 2 && gamma.size() == a.dim(1) && dy.size() == a.size(), "VaspSwishNormGradient: shapes differ");
  const int64_t rows = a.dim(0), width = a.dim(1), groups = (rows + kRowsTogether - 1) / kRowsTogether;
  const Tensor da = Output(context, 0, {rows, width}), dGamma = Output(context, 1, {width}), dBeta = Output(context, 2, {width});
  const float *g = gamma.floats(), eps = *epsilon.floats();
  std::vector<float> sums(groups * width * 2);
  pool().Run(groups, [&](int64_t group) {
    std::vector<float> swish(width);
    float* __restrict sumGamma = &sums[group * width * 2];
    float* __restrict sumBeta = sumGamma + width;
    for (int64_t r = group * kRowsTogether; r < std::min(rows, (group + 1) * kRowsTogether); r++) {
      const float* in = a.floats() + r * width;
      const float* __restrict d = dy.floats() + r * width;
      float* out = da.floats() + r * width;
      const Moments moments = SwishRow(in, swish.data(), width, eps);
      V first = {}, second = {};
      int64_t i = 0;
      for (; i + kLanes <= width; i += kLanes) {
        const V normal = (Load(&swish[i]) - moments.mean) * moments.scale, dOut = Load(d + i), dNormal = dOut * Load(g + i);
        first += dNormal;
        second += dNormal * normal;
        Store(sumGamma + i, Load(sumGamma + i) + dOut * normal);
        Store(sumBeta + i, Load(sumBeta + i) + dOut);
      }
      double restFirst = 0, restSecond = 0;
      for (; i < width; i++) {
        const float normal = (swish[i] - moments.mean) * moments.scale, dNormal = d[i] * g[i];
        restFirst += dNormal;
        restSecond += dNormal * normal;
        sumGamma[i] += d[i] * normal;
        sumBeta[i] += d[i];
      }
      const float meanFirst = static_cast<float>((Sum(first) + restFirst) / width);
      const float meanSecond = static_cast<float>((Sum(second) + restSecond) / width);
      // d LN: scale · (dn − mean(dn) − n · mean(dn · n)); d swish: σ + swish · (1 − σ)
      const auto at = [&](V x, V s, V dOut, V gain) {
        const V e = ExpOfNegative(-Abs(x)), one = 1.0f / (1.0f + e), sigma = x >= 0.0f ? one : e * one;
        const V normal = (s - moments.mean) * moments.scale;
        return (dOut * gain - meanFirst - normal * meanSecond) * moments.scale * (sigma + s * (x >= 0.0f ? e * one : one));
      };
      for (i = 0; i + kLanes <= width; i += kLanes) Store(out + i, at(Load(in + i), Load(&swish[i]), Load(d + i), Load(g + i)));
      if (const int64_t left = width - i)
        StoreSome(out + i, at(LoadSome(in + i, left), LoadSome(&swish[i], left), LoadSome(d + i, left), LoadSome(g + i, left)), left);
    }
  });
  std::memset(dGamma.floats(), 0, width * sizeof(float));
  std::memset(dBeta.floats(), 0, width * sizeof(float));
  for (int64_t group = 0; group < groups; group++)
    for (int64_t i = 0; i < width; i++) {
      dGamma.floats()[i] += sums[group * width * 2 + i];
      dBeta.floats()[i] += sums[group * width * 2 + width + i];
    }
}

}  // namespace

#include "top-unseen.h"

namespace {

// ---- registration -------------------------------------------------------------------------------------------------------------------------

void UnknownShapes(TF_ShapeInferenceContext* context, TF_Status* status) { TF_ShapeInferenceContextSetUnknownShape(context, status); }

bool Register(const char* name, std::vector<const char*> attributes, std::vector<const char*> inputs, std::vector<const char*> outputs,
              void (*compute)(void*, TF_OpKernelContext*)) {
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(name);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(op, attribute);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(op, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(op, output);
  TF_OpDefinitionBuilderSetIsStateful(op, outputs.empty());
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, &UnknownShapes);
  Status status;
  TF_RegisterOpDefinition(op, status.get());
  if (!status.ok()) return false;
  TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", nullptr, compute, nullptr), status.get());
  return status.ok();
}

bool RegisterAll() {
  return Register("VaspTopUnseen", {}, {"scores: float", "columns: int32", "offsets: int32", "most: int32"}, {"top: int32", "counts: int32"},
                  &Compute<TopUnseen>) &&
         Register("VaspStep", {}, {"w: float", "m: float", "v: float", "gradient: float", "rule: float"}, {}, &Compute<Step>) &&
         Register("VaspSparseStep", {},
                  {"w: float", "m: float", "v: float", "dy: float", "rows: int32", "offsets: int32", "rule: float", "hollow: int32"}, {},
                  &Compute<SparseStep>) &&
         Register("VaspFocal", {"N: int >= 1"}, {"logits: N * float", "columns: int32", "offsets: int32", "settings: float"},
                  {"loss: float", "slopes: N * float"}, &Compute<FocalLoss>) &&
         Register("VaspSwishNorm", {}, {"a: float", "gamma: float", "beta: float", "epsilon: float"}, {"y: float"}, &Compute<SwishNorm>) &&
         Register("VaspSwishNormGradient", {}, {"a: float", "gamma: float", "dy: float", "epsilon: float"},
                  {"da: float", "dgamma: float", "dbeta: float"}, &Compute<SwishNormGradient>);
}

napi_value Init(napi_env env, napi_value exports) {
  static const bool registered = RegisterAll();
  napi_value value;
  napi_get_boolean(env, registered, &value);
  napi_set_named_property(env, exports, "registered", value);
  return exports;
}

}  // namespace

NAPI_MODULE(vasp_kernels, Init)
