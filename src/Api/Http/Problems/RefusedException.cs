namespace Relo.Api.Http.Problems;

/// <summary>The request itself is at fault (its body, its parameters, its headers). Thrown while it is read, so that no handler ever sees it; answered as its problem.</summary>
internal sealed class RefusedException(Problem problem, Exception? inner = null) : Exception(problem.Detail, inner)
{
    /// <summary>The answer.</summary>
    public Problem Problem => problem;
}
