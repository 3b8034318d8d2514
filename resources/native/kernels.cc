// Kernels that TensorFlow lacks, each of them one pass over memory where composed ops make many: one step of Adam and Nadam, the same with a
// sparse gradient that is added up on the way, the focal loss with its gradient, swish followed by LayerNorm, and (top-unseen.h) the best items
// of each row. Registered through TensorFlow's C API, which does not change between versions; loaded as a Node-API module, whose only export is
// whether that went well.
//
// Every sum is taken in an order that does not depend on the number of threads, so that seeded runs repeat.
#include <node_api.h>

#include "focal.h"
#include "op.h"
#include "step.h"
#include "swish-norm.h"
#include "top-unseen.h"

namespace {

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
