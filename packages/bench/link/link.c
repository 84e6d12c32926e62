/*
 * A long line between two network namespaces, for kernels without netem.
 *
 *   link NEAR NEAR_ADDRESS/24 FAR FAR_ADDRESS/24 MBIT DELAY_MS LOSS_PERCENT QUEUE_KIB
 *
 * Each namespace gets a TUN device "line". Every packet that leaves one side takes its turn on a wire of the given
 * rate, then travels DELAY_MS, and appears on the other side; LOSS_PERCENT of them never do. Packets that would wait
 * for more than QUEUE_KIB on the wire are dropped, as a router does.
 *
 * Says "ready" when both ends are up. SIGUSR1 cuts the line (everything is dropped), SIGUSR2 mends it, SIGTERM ends it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MTU 1500
#define WAITING 32768 /* packets under way in one direction: 200 Mbit/s x 200 ms needs 3,400 */
#define ETHERNET_FRAMING 38
#define NS_PER_S 1000000000ull

struct packet {
  uint64_t arrives;
  uint32_t length;
  unsigned char bytes[MTU];
};

struct lane {
  int from, to;
  uint64_t wire_free;
  uint32_t first, count;
  uint64_t carried, lost, overflowed;
  struct packet *waiting;
};

static double ns_per_byte, loss_fraction;
static uint64_t delay_ns, longest_wait_ns, random_state = 88172645463325252ull;
static int is_cut;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* xorshift64 from a fixed seed: two runs of the same packets lose the same ones. */
static double random_fraction(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (double)(random_state >> 11) / (double)(1ull << 53);
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int open_end(const char *namespace, const char *address) {
  char text[256];
  snprintf(text, sizeof text, "/run/netns/%s", namespace);
  int ns = open(text, O_RDONLY | O_CLOEXEC);
  if (ns < 0 || setns(ns, CLONE_NEWNET) != 0) die(text);
  close(ns);
  int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strcpy(request.ifr_name, "line");
  if (tun < 0 || ioctl(tun, TUNSETIFF, &request) != 0) die("/dev/net/tun");
  snprintf(text, sizeof text, "ip address add %s dev line && ip link set line txqueuelen 5000 up", address);
  if (system(text) != 0) die("ip");
  return tun;
}

/* Take what the sender has ready, and give each packet its time of arrival. */
static void take(struct lane *lane) {
  unsigned char spill[MTU];
  for (int i = 0; i < 64; i++) {
    int full = lane->count == WAITING;
    struct packet *slot = &lane->waiting[(lane->first + lane->count) % WAITING];
    ssize_t length = read(lane->from, full ? spill : slot->bytes, MTU);
    if (length <= 0) return;
    uint64_t now = now_ns(), start = lane->wire_free > now ? lane->wire_free : now;
    if (is_cut || random_fraction() < loss_fraction) {
      lane->lost++;
    } else if (full || start - now > longest_wait_ns) {
      lane->overflowed++;
    } else {
      lane->wire_free = start + (uint64_t)((double)(length + ETHERNET_FRAMING) * ns_per_byte);
      slot->arrives = lane->wire_free + delay_ns;
      slot->length = (uint32_t)length;
      lane->count++;
    }
  }
}

/* Hand over what has arrived by now. */
static void deliver(struct lane *lane) {
  while (lane->count > 0) {
    struct packet *next = &lane->waiting[lane->first];
    if (next->arrives > now_ns()) return;
    if (!is_cut && write(lane->to, next->bytes, next->length) > 0) lane->carried++;
    lane->first = (lane->first + 1) % WAITING;
    lane->count--;
  }
}

static uint64_t next_arrival(const struct lane *lanes) {
  uint64_t soonest = UINT64_MAX;
  for (int i = 0; i < 2; i++)
    if (lanes[i].count > 0 && lanes[i].waiting[lanes[i].first].arrives < soonest)
      soonest = lanes[i].waiting[lanes[i].first].arrives;
  return soonest;
}

static int on_signal(int signals) {
  struct signalfd_siginfo info;
  if (read(signals, &info, sizeof info) != sizeof info) return 1;
  if (info.ssi_signo == SIGUSR1) is_cut = 1;
  else if (info.ssi_signo == SIGUSR2) is_cut = 0;
  else return 0;
  return 1;
}

static void carry(struct lane *lanes, int signals) {
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  struct pollfd waits[] = {{lanes[0].from, POLLIN, 0}, {lanes[1].from, POLLIN, 0}, {signals, POLLIN, 0}, {timer, POLLIN, 0}};
  for (;;) {
    uint64_t due = next_arrival(lanes);
    struct itimerspec at = {{0, 0}, {0, 0}};
    if (due != UINT64_MAX) at.it_value = (struct timespec){(time_t)(due / NS_PER_S), (long)(due % NS_PER_S)};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
    if (poll(waits, 4, -1) < 0) continue;
    if ((waits[2].revents & POLLIN) && !on_signal(signals)) return;
    for (int i = 0; i < 2; i++) {
      if (waits[i].revents & POLLIN) take(&lanes[i]);
      deliver(&lanes[i]);
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 9) {
    fprintf(stderr, "usage: link NEAR NEAR_ADDRESS/24 FAR FAR_ADDRESS/24 MBIT DELAY_MS LOSS_PERCENT QUEUE_KIB\n");
    return 2;
  }
  ns_per_byte = 8000.0 / atof(argv[5]);
  delay_ns = (uint64_t)(atof(argv[6]) * 1e6);
  loss_fraction = atof(argv[7]) / 100;
  longest_wait_ns = (uint64_t)(atof(argv[8]) * 1024 * ns_per_byte);
  sigset_t mask;
  sigemptyset(&mask);
  int handled[] = {SIGUSR1, SIGUSR2, SIGTERM, SIGINT};
  for (int i = 0; i < 4; i++) sigaddset(&mask, handled[i]);
  sigprocmask(SIG_BLOCK, &mask, NULL);
  int signals = signalfd(-1, &mask, SFD_CLOEXEC);
  int near = open_end(argv[1], argv[2]), far = open_end(argv[3], argv[4]);
  struct lane lanes[2] = {{.from = near, .to = far}, {.from = far, .to = near}};
  for (int i = 0; i < 2; i++)
    if ((lanes[i].waiting = malloc(sizeof(struct packet) * WAITING)) == NULL) die("malloc");
  puts("ready");
  fflush(stdout);
  carry(lanes, signals);
  for (int i = 0; i < 2; i++)
    printf("%s: carried %lu, lost %lu, overflowed %lu\n", i == 0 ? "up" : "down", (unsigned long)lanes[i].carried,
           (unsigned long)lanes[i].lost, (unsigned long)lanes[i].overflowed);
  return 0;
}
