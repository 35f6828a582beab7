namespace Relo.Api.Http.Problems;

/// <summary>
/// The request itself is invalid (its body, parameters or headers). Thrown while the request is read, before a handler runs; the response
/// is its problem.
/// </summary>
internal sealed class RefusedException(Problem problem, Exception? inner = null) : Exception(problem.Detail, inner)
{
    /// <summary>The response.</summary>
    public Problem Problem => problem;

    /// <summary>Whether a queue or share was full for one client, so that another may still have room.</summary>
    public static bool IsOfOneClient(Exception e) =>
        e is RefusedException { Problem.Kind: var kind } && kind == ProblemKinds.TooManyRequests;
}
