// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace sightline::live {

// A list of values that carry its links, `previous` and `next`, as members, and their place in
// time as `position`: in order of position, the smallest first. Owns nothing.
//
// Thread: confined.
template <typename Node>
class RunList {
 public:
  Node* front() const { return front_; }

  std::size_t size() const { return size_; }

  bool empty() const { return size_ == 0; }

  // Puts a node that is in no list where its position belongs. Looks from both ends: cost O(1) for
  // what is newer or older than all others, O(distance from the end) in between.
  void Insert(Node& node) {
    Node* before = back_;
    if (front_ != nullptr && node.position < front_->position) {
      before = nullptr;
    }
    while (before != nullptr && before->position > node.position) {
      before = before->previous;
    }
    node.previous = before;
    node.next = before == nullptr ? front_ : before->next;
    (node.previous == nullptr ? front_ : node.previous->next) = &node;
    (node.next == nullptr ? back_ : node.next->previous) = &node;
    ++size_;
  }

  void Remove(Node& node) {
    (node.previous == nullptr ? front_ : node.previous->next) = node.next;
    (node.next == nullptr ? back_ : node.next->previous) = node.previous;
    node.previous = nullptr;
    node.next = nullptr;
    --size_;
  }

 private:
  Node* front_ = nullptr;
  Node* back_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace sightline::live
