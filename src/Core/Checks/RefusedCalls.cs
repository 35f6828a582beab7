using Relo.Core.Reachability;

namespace Relo.Core.Checks;

/// <summary>The helpers and kernel functions that a kernel lacks and that programs loaded by default reach a call of.</summary>
internal sealed class RefusedCalls
{
    private readonly HashSet<(RefusalKind Kind, string? Name)> _calls;

    private RefusedCalls(HashSet<(RefusalKind Kind, string? Name)> calls) => _calls = calls;

    public static RefusedCalls Of(ReachabilityResult reachable) =>
        new([.. reachable.Calls.Where(call => !call.Program.IsOptional).Select(call => (call.Kind, call.Name))]);

    /// <summary>Whether the object loads on a kernel that lacks what it needs.</summary>
    public bool Allow(Need absent) => absent.Indicator switch
    {
        // Every call of it may be behind a branch that this kernel does not take.
        Indicator.Helper helper => absent.Optional || !_calls.Contains((RefusalKind.UnknownHelper, $"{helper.Number}")),
        // A weak one may be absent, as long as it is not called.
        Indicator.Kfunc kfunc => absent.Optional && !_calls.Contains((RefusalKind.AbsentKfunc, kfunc.Name)),
        _ => absent.Optional,
    };
}
