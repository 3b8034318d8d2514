// Swish followed by LayerNorm, forward and backward.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "lanes.h"
#include "op.h"
#include "threads.h"

namespace {

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
