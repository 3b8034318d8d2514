// TensorFlow's C API as the kernels use it: inputs, outputs, failures.
#pragma once

#include <cstdint>
#include <new>
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

}  // namespace
