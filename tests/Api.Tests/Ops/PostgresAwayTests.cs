using System.Net;
using Npgsql;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Ops;

/// <summary>The database is on another machine: it becomes unreachable, and comes back.</summary>
public sealed class PostgresAwayTests
{
    [Fact]
    public async Task Requests_that_need_the_database_are_refused_while_it_is_away_and_work_again_without_a_restart()
    {
        TestDatabase.SkipUnlessPostgres();
        var root = Directory.CreateTempSubdirectory("relo-api-tests-").FullName;
        var database = new NpgsqlConnectionStringBuilder(TestDatabase.Of(root));
        using var proxy = new TcpProxy(database.Host!, database.Port);
        database.Port = proxy.Port;
        using (var service = new ServiceHost(root, ("Archive:Database", database.ConnectionString)))
        {
            using (var relocated =
                await service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object)))
                Assert.True(relocated.IsSuccessStatusCode, await relocated.Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, "/healthz/ready"));

            proxy.SetAway(true);
            using (var refused = await service.Http.GetAsync("/v1/objects"))
            {
                var problem = await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
                Assert.Contains("the database cannot be reached", problem.Text(), StringComparison.Ordinal);
                Assert.Equal("2", refused.Header("Retry-After"));
            }

            Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, "/v1/kernels")); // they are in memory
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, $"/v1/btf/{Digest.Of(Samples.NewBtf).Hex}"));
            await Task.Delay(TimeSpan.FromSeconds(1)); // what was probed is reused for a second
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(service, "/healthz/ready"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, "/healthz/live"));

            proxy.SetAway(false);
            await Task.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, "/v1/objects"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, "/healthz/ready"));
        }

        TestDatabase.Drop(root);
        Directory.Delete(root, recursive: true);
    }

    private static async Task<HttpStatusCode> StatusAsync(ServiceHost service, string path)
    {
        using var answer = await service.Http.GetAsync(path);
        return answer.StatusCode;
    }
}
