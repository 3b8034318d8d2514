// Tasks on all threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>

namespace {

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

}  // namespace
