#include "loadline/model/descriptor.hpp"

#include <unistd.h>

namespace loadline {

Descriptor::~Descriptor() {
  if (is_open()) ::close(fd_);
}

}  // namespace loadline
