namespace Relo.Api.Http.Problems;

/// <summary>
/// The request itself is invalid (its body, parameters or headers). Thrown while the request is read, before a handler runs; the response
/// is its problem.
/// </summary>
internal sealed class RefusedException(Problem problem, Exception? inner = null) : Exception(problem.Detail, inner)
{
    /// <summary>The response.</summary>
    public Problem Problem => problem;
}
