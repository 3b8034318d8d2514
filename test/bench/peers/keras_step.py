"""One training step of VASP in Keras 3 on TensorFlow, everything dense as Keras does it.

    python keras_step.py ITEMS HIDDEN LATENT ROWS STEPS THREADS

The model is the authors' (seven encoder and five decoder layers, two heads, NEASE without diagonal, focal loss, Nadam); the rows are
random with 40 seen items each. Prints one JSON document: the seconds of each step after a warm-up.
"""
import json
import resource
import sys
import time

import keras
import numpy as np
import tensorflow as tf

items, hidden, latent, rows, steps, threads = map(int, sys.argv[1:7])
SEEN = 40
ENCODER, DECODER = 7, 5
ALPHA, GAMMA = 0.25, 2.0

tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(1)
keras.utils.set_random_seed(1)


class NoDiagonal(keras.constraints.Constraint):
    def __call__(self, w):
        return tf.linalg.set_diag(w, tf.zeros(items))


def connected(value, depth):
    """Densely connected residual stack: each layer adds the outputs of all before it ahead of its activation."""
    outputs = []
    for _ in range(depth):
        summed = keras.layers.Dense(hidden)(value)
        if outputs:
            summed = keras.layers.Add()([summed, *outputs])
        value = keras.layers.LayerNormalization()(keras.activations.swish(summed))
        outputs.append(value)
    return value


seen = keras.Input((items,))
noise = keras.Input((latent,))
encoded = connected(seen, ENCODER)
mean = keras.layers.Dense(latent)(encoded)
log_variance = keras.layers.Dense(latent)(encoded)
z = mean + keras.ops.exp(0.5 * log_variance) * noise
head_a = keras.layers.Dense(items, activation="sigmoid")(connected(z, DECODER))
head_c = keras.layers.Dense(items, activation="sigmoid")(z)
shallow = keras.layers.Dense(items, activation="sigmoid", use_bias=False, kernel_constraint=NoDiagonal())(seen)
vasp = keras.Model([seen, noise], [head_a * head_c * shallow, mean, log_variance])
optimiser = keras.optimizers.Nadam(5e-5)
optimiser.build(vasp.trainable_variables)


@tf.function
def step(x, target):
    with tf.GradientTape() as tape:
        p, mu, log_var = vasp([x, tf.random.normal((rows, latent))], training=True)
        entropy = keras.ops.binary_crossentropy(target, p)
        p_target = target * p + (1 - target) * (1 - p)
        weight = target * ALPHA + (1 - target) * (1 - ALPHA)
        focal = tf.reduce_mean(tf.reduce_sum(weight * (1 - p_target) ** GAMMA * entropy, -1))
        kl = -0.5 * tf.reduce_mean(1 + log_var - mu**2 - tf.exp(log_var))
        loss = focal + kl
    weights = vasp.trainable_variables
    optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


draw = np.random.default_rng(1)


def batch():
    x = np.zeros((rows, items), np.float32)
    for row in x:
        row[draw.choice(items, SEEN, replace=False)] = 1
    return tf.constant(x)


x, target = batch(), batch()
float(step(x, target))
seconds = []
for _ in range(steps):
    started = time.perf_counter()
    float(step(x, target))
    seconds.append(time.perf_counter() - started)
print(
    json.dumps(
        {
            "seconds": seconds,
            "parameters": vasp.count_params(),
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
        }
    )
)
