/**
 * The article's words, in English; markup as in fill.js. The build puts them into the page: no script of it carries them.
 */
const article = {
  title: "What does a lock really cost?",
  description: "Twenty threads, one counter, four wall times: a well-known experiment, alive in your browser on real threads, with honest statistics about what the lock cost.",
  heading: "What does a lock really cost?",
  lede: "About ten nanoseconds, when nobody else wants it: light gets three metres far in that time. A well-known program takes one 400 times in a run of twenty seconds, and then compares that run with one without. Whatever its table shows, it is not the lock. Run it here, on real threads, in this very page.",
  noscript: "The experiment runs in your browser and needs JavaScript. Without it the text reads as well, and in each figure’s place stands a recorded run.",
  unloaded: {
    file: "This page was opened as a file, and browsers give files neither scripts of this kind nor workers. Serve the folder instead: `cargo xtask serve`, or any web server.",
    sandbox: "This page stands in a frame whose sandbox gives it no origin, and so its own scripts are refused to it. The author of the frame can add allow-same-origin to its sandbox; you can open the page in a tab of its own.",
    lost: "A part of this page could not be loaded, or is not as it was built: a checkout that rewrites line ends does that. Check the connection and reload the page. If that doesn’t help, its owner has to copy the built folder again.",
  },
  watch: {
    heading: "What to look for",
    lanes: "Every lane is a worker: a thread of its own, with its own stack, on whichever core the system gives it. In the first two runs the workers mostly *wait*, as a program waits for a disk or for somebody else’s server. All of them wait at the same time, so {threads=20|20 threads} take hardly longer than {threads=1|one}. In the last two they *calculate*, and there the number of cores decides: the lanes are longer because the workers take turns.",
    ticks: "The dark ticks are moments in which a worker holds the lock. They are drawn far wider than they lasted: at their true width you would not see one. When the run is over, zoom in on a tick (Ctrl and the wheel, two fingers, or the plus key) until the axis counts in microseconds.",
  },
  lock: {
    heading: "What a lock is",
    what: "Two threads that add one to the same number can read the same old value and both write the same new one. An addition is lost, and nobody notices. A *lock* (a mutex) makes sure that only one thread at a time is inside the *critical section*, the few lines that must not be interrupted. The second one waits.",
    free: "A modern lock that is free costs one atomic instruction to take and one to give back, without asking the operating system. That is what you measure with one thread at a time. Only when a second thread really comes while the first is inside does it get expensive: the second one first spins a little, then goes to sleep and has to be woken, which takes microseconds, a thousand times as long.",
  },
  post: {
    heading: "What the post measured",
    program: "The program is from a kind of blog post that has been written many times: an `AtomicInteger` with a lock inside, twenty Python threads, each of which increments it twenty times. Between two increments a thread is busy, either with a wait of one second or with a loop of 1,000,000 multiplications. All four combinations are timed: waiting and calculating, without the lock and with it.",
    figures: "It printed 20.066 s and 20.056 s for the waiting threads, without and with the lock; 32.659 s and 30.786 s for the calculating ones. Set the figure to {threads=20&times=20&wait-ms=1000&loops=1000000|the post’s own numbers} to run the very same, in Rust instead of Python.",
    puzzle: "Look at these four numbers again. Both times the program was *quicker* with the lock than without. Nobody would conclude that locks make programs faster. So what is it that such a table shows?",
  },
  meaning: {
    heading: "What the result means",
    sum: "Four hundred increments at some ten nanoseconds each are four microseconds. The run takes twenty seconds. The lock’s share is one part in five million, and less than a single step of the clock that a browser is willing to show to a page. Even CPython’s lock, at about 600 ns, comes to a quarter of a millisecond.",
    noise: "What the table does show is how far two equal runs lie apart on that day on that machine: *noise*. The figure says how large it is, from the scatter inside the runs themselves. Press Run again a few times, and each run leaves its dot: sometimes the lock seems to cost something, sometimes it seems to pay. A difference smaller than the noise is not a small difference. It is none that this experiment can show.",
    where: "To learn what a lock costs, one must ask another way: time a hundred thousand operations at once, so that they are long against the clock’s step, and repeat that until the answer stands still. The figure does so before its four runs, and the first sentence below it is the answer for your machine.",
  },
  price: {
    heading: "What it costs alone",
    ask: "So let us ask the other way, and ask it of everything that two threads can share a number by. The counters below take turns, batch by batch, in a random order: should your machine grow warm or busy meanwhile, it does so for all of them alike. Each price comes with the interval that it lies in, and the longer you measure, the narrower that gets: {price-list:budget-ms=2000|two seconds} for a first look, {price-list:budget-ms=60000|a minute} to be sure.",
    read: "One step to the right on this axis is ten times the price. One atomic instruction is the least that sharing can cost, be it an addition or a compare-and-swap: on most PCs, Chromium even makes the one of the other. A mutex takes two of them, one to get in and one to get out. After that it grows expensive: a thread that hands the number to somebody else, through a channel or by a message, pays for the other one’s waking up.",
    order: "Click a row, and all others read as multiples of it. Some will read “no difference”. That is not to say that they cost the same, but that this run can’t tell them apart; a number would be a guess there. The hollow marks are from elsewhere: the same Rust code without a browser, CPython’s lock, and what is told to programmers since 2010.",
  },
  racy: {
    heading: "Losing count",
    how: "There is a counter in the list that forgets to lock. It reads, adds, and writes back, like an unprotected `value += 1`. With the post’s waits nothing happens: two threads meet so rarely that all 400 increments arrive. That is the dangerous thing about it. Such a program passes its tests.",
    step: "Here are two such threads, and you are the scheduler: each press lets one of them make one step, and nothing else moves. {interleaving:schedule=AABB|One after the other} is right. {interleaving:schedule=ABAB|In turns} is not: both read 0, and both write 1. Four of the six orders lose an addition. Run tries them all, then lets the same threads race.",
    lock: "Now step through {interleaving:counter=futex&schedule=ABBBAAAA|a real lock}: three states in one word, free, taken, and taken with a thread waiting. The thread that comes second goes to sleep, and the first one wakes it. Whatever order you try, nothing is lost. {interleaving:counter=atomic|One atomic instruction} needs none of that, because nothing fits in between.",
    see: "Take away the waits, {counter=racy&wait-ms=0&loops=0&times=1000|and let it race}: the counter comes out too low, as often as not by hundreds. Then put {counter=std-mutex&wait-ms=0&loops=0&times=1000|the lock back in its place}, and it is right every time, and hardly slower.",
  },
  contention: {
    heading: "What it costs in a crowd",
    crowd: "A price list is about one thread. Locks are there because of the others. Here they come: one thread, two, four, and so on, all at the same counter, each as fast as it can. That is the worst that can be done to a lock, {contention:hold-ns=0&pause-ns=0&pattern=even|an empty critical section} and nothing else in between. Real programs do {contention:hold-ns=500&pause-ns=4500&pattern=even|something else most of the time}, or {contention:hold-ns=50000&pause-ns=50000&pattern=even|stay inside for long}.",
    fair: "Throughput is half of it. A lock can be quick because it is unfair: the thread that has just let go takes it again, its data still at hand, while the others stand outside. The second tab tells how evenly the threads were served, and the lanes below the chart show it: {contention:hold-ns=1000&pause-ns=1000&pattern=hog|a hog} that hardly ever lets go, or turns as regular as a queue’s. That queue is not free either. Each time it moves, somebody has to be woken.",
    survive: "And some locks do not survive a crowd. {contention:counter=ticket&counters=locks|A ticket lock} serves strictly by number. When there are more threads than cores, the next number may belong to a thread that is not even running, and everyone else turns in circles until its turn comes round. What managed hundreds of millions of increments a second alone may be down to a hundred then. A lock that never finishes is stopped after a while, and the result says that it timed out.",
    matter: "When does a lock matter, then? It depends on how much of the time is spent inside. Move the slider below the settings: it shifts time from outside the lock to inside and keeps the sum. *Amdahl’s law* says what that share alone does to the throughput; the *queue model*, one repairman with many machines, counts the waiting in line as well. Both are drawn over what was measured. Where the measured line lies below them, the lock itself is what costs.",
    home: "Every result can be taken home: the menu Export has it as a table, as a file, as a picture. And what you took home can be laid beside another run: drop a report from another browser or another machine on the figure, and both are drawn.",
  },
  master: {
    heading: "Who gives out the work",
    what: "The second half of the post does what every job runner does. A *master* starts ten threads, each with one job: sleep for three seconds. Then it asks every thread whether it is alive, prints how many are done, sleeps for a second, and asks again. When all are done it prints `all thread done`, clears its table, and starts the next ten. Here is that program, its master a thread of its own and its lines beside it.",
    asking: "Asking is cheap; the waiting between is not. A round that ends just after a poll goes unnoticed until the next one, half an interval on average. The other way is to be told: the master sleeps, and the last worker to finish wakes it, which takes a fraction of a millisecond. Run it {master-worker:notice=poll|asking}, then {master-worker:notice=told|being told}: both stay in the picture, a dot a round.",
    killing: "Now kill a worker while it works. Nothing tells the master. A thread that is killed writes no last line; all that happens is that its *heartbeat*, a counter which every worker keeps moving, stands still. After a while the master takes silence for death and gives the job to another. It may be wrong about that: the worker may only have been slow. So each job goes out under a *lease* with a number, and a result that comes in under an old lease is refused. One job, one result.",
    weak: "In a comment the post tries to keep only weak references to its threads, and finds that the objects no longer exist. Nothing went wrong there. A {master-worker:handles=weak|weak handle} keeps nothing alive, so when the job is done the thread’s object goes, and the handle leads nowhere: gone means done. What goes with it is the result. To keep it, own it, or to put it into a place that outlives the worker.",
  },
  exit: {
    heading: "The day the master dies",
    what: "At its very end the post lets the master die: one poll, `force exit: sys.exit(1)`, and it is gone, while jobs of sixty seconds run on. Does the work die with who ordered it? It depends on one thing only: who *owns* the workers.",
    owners: "In a page both can be had. Workers that {master-exit:owner=page|the page owns} do not even notice that a master is gone. Workers that {master-exit:owner=master|the master itself started} are nested under it, and end with it: at once in Firefox and in WebKit, about two seconds later in Chromium. The small marks below each lane are heartbeats, so you can see who still lives; the page does not believe the master’s word either, but waits until its heartbeat has stopped and a message has gone unanswered.",
    adoption: "Orphans work as well as anybody. What is missing is somebody to collect: so the results must lie where a successor finds them. Here every job is one word of shared memory, and so is the leadership of the master, with a number, its *epoch*. A new master raises the epoch, and from then on commands with the old epoch are refused, should it turn out to be alive after all. It restarts nothing. What was finished in between it finds done.",
    holder: "One death is worse than the master’s: that of a {master-exit:dies=holder&lock=plain|worker that holds a lock}. A plain mutex knows that it is taken, not by whom. Nobody will ever give it back, and everybody who wants it waits forever. A {master-exit:dies=holder&lock=robust|robust lock} has its holder’s name and a lease written in it: who waits can see that the holder is dead, take the lock over, and mend what was left half done.",
    robust: "POSIX offers that as a robust mutex: the next one to lock it gets `EOWNERDEAD`, makes the data consistent and says so, or the lock is unusable for good. Rust’s *poisoning* is another thing. When a thread panics while it holds a `Mutex`, the guard is dropped on the way out, the lock is given back, and the next one learns that the data may be half changed. A thread that is killed drops nothing: its mutex is not poisoned, it is shut.",
  },
  threads: {
    heading: "Threads, in a page?",
    real: "The workers are real threads. The experiment is written in Rust and compiled to WebAssembly; each worker is a Web Worker of the browser that runs the same code over one shared memory. Its `std::sync::Mutex` is the one that a Rust program has on Linux or macOS as well: an atomic word, and a wait in the system when it is taken. The counters are what they seem to be.",
    page: "Nothing of this happens on the thread that draws the page. The workers write what they do into shared memory, two stores a change, and the page reads it there sixty times a second. No worker ever sends a message while it is timed.",
  },
  measuring: {
    heading: "How far to trust these numbers",
    clock: "Browsers make their clock coarse on purpose, to keep pages from spying on each other: 5 µs in Chromium, 20 µs in Firefox, on a page that is isolated as this one is. The step is measured before each run and stands under the figure.",
    proof: "Every run proves itself. The workers count their own increments, and if these and the counter’s final value do not add up, there is no time to be seen but a sentence about what is missing. Nothing is thrown away to make a number look better.",
    limits: "What remains is your machine: other tabs, other programs, the battery, the temperature. A run on a page that was hidden says so. The numbers in this text are from one small machine with two cores; the ones in the figure are yours, and where the two disagree, yours are right.",
  },
  foot: "Lock Lab is free software, MIT or Apache-2.0. Every figure links to the source of both its halves.",
};

export default article;
