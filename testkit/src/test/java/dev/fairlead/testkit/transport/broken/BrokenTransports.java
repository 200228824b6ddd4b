package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** For each case of the kit, by its name, a transport that it has to reject. */
final class BrokenTransports {

  private static final Map<String, Supplier<Flaw>> BY_CASE = all();

  private BrokenTransports() {}

  static Map<String, Supplier<Flaw>> byCase() {
    return BY_CASE;
  }

  private static Supplier<Flaw> agent(BiFunction<Pipe, Flaw, Pipe> flawed) {
    return () ->
        new Flaw() {
          @Override
          Pipe atAgent(Pipe pipe) {
            return flawed.apply(pipe, this);
          }
        };
  }

  private static Supplier<Flaw> hub(BiFunction<Pipe, Flaw, Pipe> flawed) {
    return () ->
        new Flaw() {
          @Override
          Pipe atHub(Pipe pipe) {
            return flawed.apply(pipe, this);
          }
        };
  }

  private static Map<String, Supplier<Flaw>> all() {
    Map<String, Supplier<Flaw>> all = new TreeMap<>();
    calls(all);
    bytes(all);
    closes(all);
    aborts(all);
    sharing(all);
    transports(all);
    return Map.copyOf(all);
  }

  private static void calls(Map<String, Supplier<Flaw>> all) {
    all.put("callbacksComeOneAtATime", hub(CallFlaws.RunsCallbacksAtOnce::new));
    all.put("noCallbackComesFromWithinACall", hub(CallFlaws.CallsBackWithinACall::new));
    all.put("noCallbackFollowsTheClose", agent(CallFlaws.CallsBackAfterTheClose::new));
    all.put("aPipeIsNotReadyBeforeTheHubHasTakenIt", agent(CallFlaws.IsAlwaysReady::new));
    all.put("manySmallWritesToAStalledPeerAreBoundedToo", agent(CallFlaws.IsAlwaysReady::new));
    all.put("aStalledHubStopsTheAgentWithinTheBound", agent(CallFlaws.IsAlwaysReady::new));
    all.put("aStalledAgentStopsTheHubWithinTheBound", hub(CallFlaws.IsAlwaysReady::new));
    all.put("readinessIsToldOnceForEachTimeItComes", hub(CallFlaws.TellsReadinessTwice::new));
    all.put(
        "aPipeWhoseListenerIsBusyDoesNotBlockItsCaller", hub(CallFlaws.HoldsALockInCallbacks::new));
    all.put("aSecondStartIsRefused", hub(CallFlaws.SwallowsRefusedStarts::new));
    all.put(
        "aPipeThatWasNeverStartedEndsWithItsTransport",
        agent(CallFlaws.SwallowsRefusedStarts::new));
    all.put("nothingIsDeliveredWithoutDemand", hub(CallFlaws.IgnoresDemand::new));
    all.put("demandAddsUp", hub(CallFlaws.TakesEveryDemandForOne::new));
    all.put("aDemandOfLessThanOneIsRefused", hub(CallFlaws.TakesAnyDemand::new));
    all.put(
        "aListenerMayRequestAndWriteFromWithinItsCallbacks",
        hub(CallFlaws.ForgetsDemandOfCallbacks::new));
    all.put("aListenerThatThrowsAbortsItsPipe", hub(CallFlaws.SwallowsWhatListenersThrow::new));
    all.put("anErrorOfAListenerAbortsItsPipeToo", hub(CallFlaws.SwallowsWhatListenersThrow::new));
  }

  private static void bytes(Map<String, Supplier<Flaw>> all) {
    all.put("bytesFromTheAgentArriveInOrder", hub(DataFlaws.SwapsBytes::new));
    all.put("bytesFromTheHubArriveInOrder", agent(DataFlaws.SwapsBytes::new));
    all.put("bothDirectionsAtOnceKeepTheirOrder", agent(DataFlaws.ChangesABit::new));
    all.put("bytesWrittenInTheFirstOnReadyArrive", agent(DataFlaws.DropsTheFirstWrite::new));
    all.put(
        "everythingWrittenBeforeTheEndArrivesBeforeIt", agent(DataFlaws.DropsTheLastWrite::new));
    all.put("aReaderThatTakesOneChunkAtATimeGetsEverything", hub(DataFlaws.DropsSmallChunks::new));
    all.put("aWriteOfTheLargestChunkArrives", agent(DataFlaws.CutsTheLargestChunks::new));
    all.put(
        "aWriteAboveTheLimitIsRefusedAndHarmless",
        agent(DataFlaws.SplitsWritesThatAreTooLarge::new));
    all.put("anEmptyWriteDoesNothing", agent(DataFlaws.SendsEmptyWrites::new));
    all.put("buffersOfEveryKindAreSentInTheirOrder", agent(DataFlaws.ReversesBuffers::new));
    all.put(
        "writtenBuffersAreConsumedAndTheCallersAgain",
        agent(DataFlaws.KeepsTheCallersBuffers::new));
    all.put("receivedBuffersAreTheListenersOwn", hub(DataFlaws.UsesOneBufferForAllChunks::new));
    all.put(
        "oneWriteMoreIsTakenWhileThePipeIsNotReady",
        agent(DataFlaws.DropsWritesBeyondReadiness::new));
  }

  private static void closes(Map<String, Supplier<Flaw>> all) {
    all.put("theAgentsEndLeavesTheHubsDirectionOpen", agent(CloseFlaws.AbortsAtItsEnd::new));
    all.put("theHubsEndLeavesTheAgentsDirectionOpen", hub(CloseFlaws.AbortsAtItsEnd::new));
    all.put("anEndNeedsNoDemand", hub(CloseFlaws.TellsTheEndOnDemandOnly::new));
    all.put("theEndWaitsForTheBytesBeforeIt", hub(CloseFlaws.LetsTheEndOvertake::new));
    all.put("bothEndsCloseWithoutACause", agent(CloseFlaws.ClosesWithACause::new));
    all.put(
        "endsFromWithinCallbacksCloseWithoutACause", hub(CloseFlaws.LosesCallsOfCallbacks::new));
    all.put("endsAtOnceOnBothSidesCloseOnce", agent(CallFlaws.TellsTheCloseTwice::new));
    all.put("aSecondEndDoesNothing", agent(CloseFlaws.AbortsAtItsSecondEnd::new));
    all.put("aWriteAfterTheEndIsRefused", agent(CloseFlaws.TakesWritesAfterTheEnd::new));
    all.put("callsAfterTheCloseAreHarmless", agent(CloseFlaws.KeepsWritesAfterTheClose::new));
    all.put(
        "aRefusedAgentLearnsThatItIsNotAccepted", agent(CloseFlaws.LosesTheKindOfTheCause::new));
    all.put("aRefusedAgentLearnsOfALimit", agent(CloseFlaws.LosesTheKindOfTheCause::new));
    all.put("aDialWhileNobodyListensClosesWithACause", agent(CloseFlaws.ClosesSilently::new));
  }

  private static void aborts(Map<String, Supplier<Flaw>> all) {
    all.put("anAbortWhileThePipeConnectsIsTold", agent(CloseFlaws.LosesAborts::new));
    all.put("anAbortWhileTheHubStillAcceptsReachesTheHub", hub(CloseFlaws.ClosesSilently::new));
    all.put(
        "aStalledAgentThatAbortsClosesBothSides", agent(CloseFlaws.LosesAbortsWhileStalled::new));
    all.put("aStalledHubThatAbortsClosesBothSides", hub(CloseFlaws.LosesAbortsWhileStalled::new));
    all.put("aReaderThatAbortsFreesAStalledWriter", agent(CloseFlaws.ClosesSilently::new));
    all.put("anAbortAfterItsOwnEndClosesBothSides", agent(CloseFlaws.LosesAbortsAfterAnEnd::new));
    all.put("anAbortAfterThePeersEndClosesBothSides", hub(CloseFlaws.LosesAbortsAfterAnEnd::new));
    all.put(
        "anAbortAmidTransfersOfBothDirectionsClosesBothSides", hub(CloseFlaws.LosesAborts::new));
    all.put("anAbortByTheAgentClosesBothSidesWithACause", hub(CloseFlaws.LosesTheCause::new));
    all.put("anAbortByTheHubClosesBothSidesWithACause", hub(CloseFlaws.TellsThePeerTooMuch::new));
    all.put(
        "anAbortBecauseTheAgentWasRevokedIsToldAsSuch",
        agent(CloseFlaws.LosesTheKindOfTheCause::new));
    all.put("anAbortDropsBytesThatWaitForDemand", hub(CloseFlaws.HandsOverWhatAnAbortDrops::new));
    all.put("anAbortBeforeTheStartIsToldAtTheStart", agent(CloseFlaws.LosesAborts::new));
    all.put("anAbortFromWithinACallbackCloses", hub(CloseFlaws.LosesCallsOfCallbacks::new));
    all.put("abortsFromManyThreadsCloseOnce", hub(CallFlaws.TellsTheCloseTwice::new));
    all.put("anAbortThatRacesTheEndClosesOnce", agent(CallFlaws.TellsTheCloseTwice::new));
    all.put("closingBothTransportsAtOnceClosesEachPipeOnce", hub(CloseFlaws.ClosesSilently::new));
    all.put("dialsThatRaceTheHubsCloseEnd", agent(CloseFlaws.ClosesSilently::new));
  }

  /** A flaw of pipes that know each other. */
  private interface Shared {
    Pipe apply(SharingFlaws.Siblings siblings, Pipe pipe, Flaw flaw);
  }

  private static Supplier<Flaw> agents(Shared shared) {
    return () -> {
      SharingFlaws.Siblings siblings = new SharingFlaws.Siblings();
      return agent((pipe, flaw) -> shared.apply(siblings, pipe, flaw)).get();
    };
  }

  private static Supplier<Flaw> hubs(Shared shared) {
    return () -> {
      SharingFlaws.Siblings siblings = new SharingFlaws.Siblings();
      return hub((pipe, flaw) -> shared.apply(siblings, pipe, flaw)).get();
    };
  }

  private static void sharing(Map<String, Supplier<Flaw>> all) {
    all.put("anAbortOfOnePipeLeavesTheOthers", hubs(SharingFlaws.Siblings::closedTogether));
    all.put(
        "aListenerThatThrowsWhenToldOfTheCloseHarmsNobody",
        hubs(SharingFlaws.Siblings::brokenByEachOthersListeners));
    all.put("oneStalledPipeDoesNotStallAnother", agents(SharingFlaws.Siblings::readyTogether));
    all.put("manyPipesAtOnceKeepTheirBytesApart", agents(SharingFlaws.Siblings::writingToTheFirst));
    all.put("oneThousandPipesLeaveNothingBehind", agents(SharingFlaws.Siblings::remembered));
    all.put(
        "aPipeAfterAnAbortedOneIsFresh",
        () -> {
          AtomicReference<ByteBuffer> left = new AtomicReference<>();
          return agent((pipe, flaw) -> new DataFlaws.SendsWhatAnotherPipeLeft(pipe, flaw, left))
              .get();
        });
  }

  private static void transports(Map<String, Supplier<Flaw>> all) {
    all.put("aPipeAfterOneThatEndedInOrderIsFresh", TransportFlaws.DialsOnce::new);
    all.put("aHubThatStartsAgainAtItsAddressIsFound", TransportFlaws.DialsOnce::new);
    all.put(
        "anAgentsTransportMayBeClosedFromWithinACallback",
        TransportFlaws.ClosesOnceItsCallbacksAreDone::new);
    all.put(
        "aHubsTransportMayBeClosedFromWithinACallback",
        TransportFlaws.ClosesOnceItsCallbacksAreDone::new);
    all.put("anEnrolmentPassesThrough", TransportFlaws.LosesTheRequest::new);
    all.put("aRenewalPassesThrough", TransportFlaws.LosesTheRequest::new);
    all.put("refusedEnrolmentsKeepTheirKind", TransportFlaws.LosesTheKindOfRefusals::new);
    all.put("aHubThatFailsToEnrolIsATransportsFailure", TransportFlaws.TellsWhyTheHubFailed::new);
    all.put(
        "aFailureOfTheHubReachesTheAgentWithoutItsDetails",
        TransportFlaws.TellsWhyTheHubFailed::new);
    all.put(
        "anEnrolmentWhileNobodyListensFails", TransportFlaws.ThrowsAnythingWhenNobodyListens::new);
    all.put("pipesOfTwoAgentsAreTheirOwn", TransportFlaws.ClosesAllAgentsWithOne::new);
    all.put("aSlowAcceptDoesNotHoldUpOtherPipes", TransportFlaws.AcceptsOneAfterTheOther::new);
    all.put("theHubLearnsWhoDialled", TransportFlaws.SaysSomebodyElseDialled::new);
    all.put("closingTheHubClosesItsPipes", TransportFlaws.NeverCloses::new);
    all.put("closingTheAgentClosesItsPipes", TransportFlaws.NeverCloses::new);
    all.put("aClosedAgentTransportRefusesCalls", TransportFlaws.NeverCloses::new);
    all.put("anAddressInUseIsRefusedWithASentence", TransportFlaws.SwallowsRefusedStarts::new);
    all.put(
        "aTransportStartsOnceAndClosesAnyNumberOfTimes", TransportFlaws.SwallowsRefusedStarts::new);
    all.put("anAgentGetsNoPipeToAHubThatItDoesNotTrust", TransportFlaws.TrustsAnyHub::new);
    all.put("aTokenIsNotSentToAHubThatIsNotTrusted", TransportFlaws.TrustsAnyHub::new);
    all.put("anAgentOfAnotherAuthorityGetsNoPipe", TransportFlaws.TrustsAnyAgent::new);
    all.put("anAgentWhoseCertificateHasExpiredGetsNoPipe", TransportFlaws.TrustsAnyAgent::new);
    all.put("anAgentWithoutACertificateGetsNoPipe", TransportFlaws.NeedsNoCertificate::new);
    all.put("anAgentWithoutACertificateRenewsNothing", TransportFlaws.NeedsNoCertificate::new);
    all.put("theNextPipeUsesTheNextCertificate", TransportFlaws.KeepsTheFirstCertificate::new);
  }
}
