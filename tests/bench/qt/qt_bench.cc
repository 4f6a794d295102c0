// The deep story of step_bench.cc through Qt's QScxmlStateMachine: qt_bench deep.scxml deep_bench.json. Prints one JSON line of
// steps a second. Events are submitted many at a time, so that the turn of Qt's event loop that handles them costs little.
#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScxmlStateMachine>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "../processor_time.h"

namespace {

constexpr int stories_at_once = 100;

[[noreturn]] void fail(const QString& why) {
  std::fprintf(stderr, "%s\n", qPrintable(why));
  std::exit(1);
}

QStringList strings(const QJsonValue& list) {
  QStringList made;
  for (const auto& one : list.toArray()) made << one.toString();
  return made;
}

std::unique_ptr<QScxmlStateMachine> started(const QString& path) {
  std::unique_ptr<QScxmlStateMachine> machine(QScxmlStateMachine::fromFile(path));
  if (!machine || !machine->parseErrors().isEmpty()) fail(path + " is no machine");
  machine->start();
  QCoreApplication::processEvents();
  return machine;
}

void play(QScxmlStateMachine& machine, const QStringList& story, int times = 1) {
  for (int i = 0; i < times; ++i)
    for (const QString& event : story) machine.submitEvent(event);
  QCoreApplication::processEvents();
}

void expect_at(const QScxmlStateMachine& machine, const QStringList& ends) {
  QStringList reached = machine.activeStateNames(true);
  std::sort(reached.begin(), reached.end());
  if (reached != ends) fail("a story ends at " + reached.join(", ") + " instead of " + ends.join(", "));
}

double steps_a_second(const QString& path, const QStringList& lead, const QStringList& story, const QStringList& ends) {
  const auto machine = started(path);
  play(*machine, lead);
  double best = 0;
  for (int round = 0; round < 5; ++round) {
    const double begin = processor_seconds();
    qsizetype steps = 0;
    while (processor_seconds() - begin < 0.3) {
      play(*machine, story, stories_at_once);
      steps += stories_at_once * story.size();
    }
    best = std::max(best, static_cast<double>(steps) / (processor_seconds() - begin));
  }
  expect_at(*machine, ends);
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  if (argc != 3) fail("usage: qt_bench deep.scxml deep_bench.json");
  QFile file(argv[2]);
  if (!file.open(QIODevice::ReadOnly)) fail(file.errorString());
  const QJsonObject bench = QJsonDocument::fromJson(file.readAll()).object();
  const QJsonObject once = bench["once"].toObject();
  const auto machine = started(argv[1]);
  play(*machine, strings(once["story"]));
  expect_at(*machine, strings(once["ends"]));
  // The story leads back to where it begins, so it is played over and over.
  const double figure = steps_a_second(argv[1], strings(bench["lead"].toObject()["deep"]), strings(bench["stories"].toObject()["deep"]),
                                       strings(bench["ends"].toObject()["deep"]));
  std::printf("{\"deep\": %.0f}\n", figure);
}
