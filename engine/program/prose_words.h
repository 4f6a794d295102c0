#pragma once
// The words of kvali's own in a program that is said as prose, in every language kvali speaks: phrases with {marks} to be
// filled in, nouns with their forms behind a number, lists with "and" and "or".
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/calendar.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

enum class Tongue : std::uint8_t { English, Lithuanian, Georgian };
/// English for a language that kvali has no sentences in.
Tongue tongue_of(std::string_view language);

enum class Prose : std::uint8_t {
  // headings
  WhoMayApply, WhatIsAsked, WhoTakesPart, DatesAndPlaces, TheWay, FromAnywhere, Ends, Letters, 
  // notices
  NoSentences, NoTexts,
  // who may apply
  BesideInitiatives, OneEachLocality, OneForCohort, BegunBy, RoleAfter, WhoWasThere, BroughtBy, EntryNeeds, FactAccepted, FactsAsked, Languages, Forever, CalledHere, NamedBy, PlacedBy,
  // fields
  NeededFor, MayBeFilledIn, WorkedOut, PersonalData, SeenOnlyBy, WrittenBy, AskedOnlyIf, ComputedAs, Baseline, KindActual, KindPlan,
  KindCapacity, KindAim, PartOf, Iris, Sdg, NeededToOpen, Needed,
  TypeText, TypeEmail, TypePhone, TypeUrl, TypeNumber, TypeWholeNumber, TypeCount, TypeMoney, TypeDate, TypeYesOrNo, TypeChoice,
  TypeChoices, TypeLocality, TypeOrganisation, TypePerson, TypeFile,
  FileOf, AtLeast, AtMost, Range, TypeTable, FormParts, ForExample, InEachRow,
  // roles
  ScopeCohort, ScopeLocality, ScopeInitiative, LoadAtMost, ReadsOnly, SpeaksFor, Assigns,
  // dates and places
  SetForSeason, Zone, Holidays, AnyNumber, Exactly, ExactlyBy, PlacesAtMost, PlacesAtMostBy, HeldIn, RefilledUntil, WhenFull, BeforeStep, InEachLocality, ForEachInitiative,
  InTheSeason, OtherwiseTold, PlacesHead,
  // states
  ApplicantReads, WaitsFor, YourTurn, DeadlineBy, DeadlineWithin, Reminders, ThenGoes, ThenTold, ThenBoth, NoDeadline, WaitsUntil, Order,
  Remembers, WhenAllDone, SideBySide, FinalHere, EndsHere, WhatMayHappen, YouMay, GoesOn,
  // moves
  MoveBy, MoveAlone, ByItselfOn, ByItselfFreed, ByItselfIf, ByItself, OnlyIf, Needs, MustGive, AReason, Held, AskedBefore, LetterTo, ByPersonOr,
  // deciding together
  AgreedBy, FourEyes, NotBy, RestsOn, VoteOf, VoteLost, AfterMinutes, Standstill, UndoWithin, BodyOf, BodyTerm, BodyRemind, BodyQuorum, MajorityVoting, MajoritySeats,
  MajorityThirds, TieRefused, TieCarried, TieChair, SecretVote, MinutesBy,
  // reviews
  ReviewBy, Criterion, CriteriaOf, HowAssessed, ReviewHides, TheOrganisation, Conflicts, SameOrganisation, SameLocality, Declared,
  SameMailDomain, EarlierMentor, SameNetwork, ReviewNamed, PointsMean, TakenMedian, TakenTrimmed, Normalised, AgreementOf, ReaderLoad, ReaderNeeds, ScoresDueBy,
  ScoresDueWithin, LateTold, ForApplicant, ForDeciders, ShownLater, ShowsReaders, ShowsScore, ShowsFeedback, TheApplicant, KeptAway, TranslatedBy,
  // logs, reports
  WrittenDown, EntryMinutes, EntryAgreed, EntryDueOn, EntryDueWithin, EntryOverdue, EntryClosed, EntryTells, AuthorOnly, RoleNeeds, ReportBy, ReportPlain, Times, ForEver, OpensBefore, GraceOf, WhenOverdue, FormAsked,
  // letters
  LetterGoesTo, LetterNever, AfterMove, 
  // reminders
  OnTheDay,
  // braces in texts
  BraceRank, BraceReason, BracePerson,
  // expressions
  IfSet, Otherwise, IfSo, FilledIn, NotFilledIn, Is, IsNot, IsAtLeast, IsAtMost, IsMore, IsLess, NotAfterDate, BeforeDate, FromDate, AfterDate,
  PeriodAgo, PeriodShort, UntilMoment, BeforeMoment, FromMoment, AfterMoment, OneOf, NoneOf, Includes, IncludesNot, EachOf, SomeOf, OneExactlyOf, Where, Yes, No, Now,
  ReviewScore, ReviewCount, ReviewAgreement, ReviewReaders, ReviewMissing, TaskDay, TaskNumber, FactEnd, ShareOf, And, Or, Always, Never, Quoted, 
  // the end
  count
};

/// Words that fill a mark of a phrase.
struct Filler {
  std::string_view name;
  std::string_view text;
};
std::string prose(Prose which, Tongue tongue, std::initializer_list<Filler> fillers = {});
/// `text` with its {marks} filled in; a mark that nobody fills is a bug.
std::string filled(std::string_view text, std::initializer_list<Filler> fillers);

enum class Joint : std::uint8_t { And, Or };
/// "a, b and c".
std::string joined(const std::vector<std::string>& parts, Joint joint, Tongue tongue);

/// What stands around an amount of time; the languages have a case for each.
enum class Around : std::uint8_t {
  Plain,   // 10 working days, 10 darbo dienų, 10 სამუშაო დღე
  Within,  // within 10 working days, per 10 darbo dienų, 10 სამუშაო დღის განმავლობაში
  Before,  // 7 days before, likus 7 dienoms, 7 დღით ადრე
  After,   // 7 days after, praėjus 7 dienoms, 7 დღის შემდეგ
  Every,   // every 6 months, kas 6 mėnesius, 6 თვეში ერთხელ
};
std::string time_in(const calendar::Period& period, Around around, Tongue tongue);

enum class Noun : std::uint8_t { Character, Place, Initiative, Time, Application, Row, Megabyte };
/// "1 place", "4 places"; "4 vietos"; "4 ადგილი".
std::string counted(std::int64_t count, Noun noun, Tongue tongue);

std::string number_said(std::int64_t number, Tongue tongue);
std::string quoted(std::string_view text, Tongue tongue);
std::string bringer(v1::InitiativeRules::Bringer who, Tongue tongue);
/// "Lithuanian" for lt; the code of a language that has no name here.
std::string language_said(std::string_view code, Tongue tongue);

/// "Lithuania" for LT; the code of a country that has no name here.
std::string country_said(std::string_view code, Tongue tongue);
/// "33.33%" of hundredths of a percent, with a blank in Lithuanian.
std::string percent_said(std::int64_t hundredths, Tongue tongue);

}  // namespace kvali::program
