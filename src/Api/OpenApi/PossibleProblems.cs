using System.Net.Mime;
using Relo.Api.Http.Problems;

namespace Relo.Api.OpenApi;

/// <summary>On a route: the problems it can answer.</summary>
internal sealed record PossibleProblems(IReadOnlyList<ProblemKind> Kinds);
