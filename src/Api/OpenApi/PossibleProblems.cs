using Relo.Api.Http.Problems;

namespace Relo.Api.OpenApi;

/// <summary>Metadata of a route: the problems it can return.</summary>
internal sealed record PossibleProblems(IReadOnlyList<ProblemKind> Kinds);
